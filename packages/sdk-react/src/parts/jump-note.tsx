import type { JumpState } from '../hooks/use-jump.ts';
import { useStrings } from '../provider/parley-context.ts';

/** Says what becomes of a jump to a message. */
export function JumpNote({ state }: { readonly state: JumpState }) {
  const strings = useStrings();
  if (state === 'idle') return null;
  return (
    <p className="parley-jump-note" role="status">
      {state === 'loading' && <span className="parley-spinner" />}
      {{ loading: strings.loading, gone: strings.messageGone, failed: strings.messageFailed }[state]}
    </p>
  );
}
