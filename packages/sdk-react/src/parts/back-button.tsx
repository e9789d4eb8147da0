import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';

/** Leads from a conversation, or from the search for one, to the list. */
export function BackButton({ onBack }: { readonly onBack: () => void }) {
  const strings = useStrings();
  return (
    <button
      className="parley-icon-button parley-back"
      type="button"
      aria-label={strings.back}
      title={strings.back}
      onClick={onBack}
    >
      <Icon name="back" />
    </button>
  );
}
