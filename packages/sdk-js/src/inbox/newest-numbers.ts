import type { ChannelBumped } from '@parley/contracts';
import type { InboxEvent } from './inbox-event.ts';

/** Finds late numbers: several API nodes send a user's numbers, and these may overtake each other on the way. */
export interface NewestNumbers {
  /** Whether something newer came before; if not, this is the newest now. */
  isLate(event: InboxEvent): boolean;
}

/** Overtaking is a matter of seconds; a much older number shows that the server's clock was put back. */
const overtakenMs = 60_000;
const mostChannels = 1_000;

export function createNewestNumbers(): NewestNumbers {
  const bumps = new Map<string, ChannelBumped>();
  let totalsAt = 0;

  const isLateBump = (event: ChannelBumped): boolean => {
    const known = bumps.get(event.channelId);
    if (known !== undefined && isBefore(event, known)) return true;
    // Re-inserted, so that the first of the map is the oldest.
    bumps.delete(event.channelId);
    bumps.set(event.channelId, event);
    const [oldest] = bumps.keys();
    if (bumps.size > mostChannels && oldest !== undefined) bumps.delete(oldest);
    return false;
  };

  return {
    isLate(event) {
      if (event.__typename === 'ChannelBumped') return isLateBump(event);
      if (event.__typename !== 'UnreadChanged') return false;
      const at = Date.parse(event.at);
      const late = at < totalsAt && totalsAt - at < overtakenMs;
      if (!late) totalsAt = at;
      return late;
    },
  };
}

/** Under one `seq` a count only falls, by reading: so also two numbers of one millisecond have an order. */
function isBefore(event: ChannelBumped, known: ChannelBumped): boolean {
  const behindMs = Date.parse(known.at) - Date.parse(event.at);
  if (behindMs < 0 || behindMs >= overtakenMs) return false;
  return event.seq < known.seq || (event.seq === known.seq && event.unreadCount > known.unreadCount);
}
