import { useAnnouncement } from '../hooks/use-announcement.ts';

/** Heard, not seen: what happens in the conversation, in the words of a screen reader. It stands beside the list, whose history and buttons are no news. */
export function Announcer() {
  return (
    <div className="parley-only-heard" aria-live="polite" aria-atomic="true">
      {useAnnouncement()}
    </div>
  );
}
