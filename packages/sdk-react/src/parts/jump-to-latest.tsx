import { useUnread } from '../hooks/use-unread.ts';
import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';
import { UnreadBadge } from './unread-badge.tsx';

/** Leads back to the end of the list, and says how much is new there. */
export function JumpToLatest({ onJump, busy }: { readonly onJump: () => void; readonly busy: boolean }) {
  const strings = useStrings();
  const { count } = useUnread();
  return (
    <button
      className="parley-jump"
      type="button"
      aria-label={strings.jumpToLatest}
      aria-busy={busy}
      title={strings.jumpToLatest}
      onClick={onJump}
    >
      {busy ? <span className="parley-spinner" /> : <Icon name="down" />}
      <UnreadBadge count={count} />
    </button>
  );
}
