import { useStrings } from '../provider/parley-context.ts';

/** Says that messages could not be loaded, where they would stand. */
export function MoreFailed({ words, onRetry }: { readonly words: string; readonly onRetry: () => void }) {
  const strings = useStrings();
  return (
    <p className="parley-older" role="alert">
      {words}{' '}
      <button className="parley-link-button" type="button" onClick={onRetry}>
        {strings.retry}
      </button>
    </p>
  );
}
