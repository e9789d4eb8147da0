import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';

/** Leads back to where reading had stopped. */
export function JumpToUnread({ onJump }: { readonly onJump: () => void }) {
  const strings = useStrings();
  return (
    <button className="parley-jump-to-unread" type="button" onClick={onJump}>
      <Icon name="down" />
      {strings.jumpToUnread}
    </button>
  );
}
