import type { Message } from '@parley/contracts';
import type { LoggedEvent } from '../channels/channel-event.ts';
import { isFirstDeletion } from './deletion.ts';
import { quotesAfter } from './quotes.ts';
import { ownReactionsAfter } from './reactions.ts';

/** The channel's own list of messages as the server has it: sorted by `seq`, no thread replies. */
export type Timeline = readonly Message[];

/** Puts a message in its place; one that is there is replaced. Looks from the end, where nearly all changes are. */
export function put(timeline: Timeline, message: Message): Timeline {
  const known = lastIndex(timeline, ({ id }) => id === message.id);
  if (known >= 0) return [...timeline.slice(0, known), message, ...timeline.slice(known + 1)];
  const before = lastIndex(timeline, ({ seq }) => seq < message.seq);
  return [...timeline.slice(0, before + 1), message, ...timeline.slice(before + 1)];
}

// Array.prototype.findLastIndex is younger than the browsers that the SDK supports.
export function lastIndex(timeline: Timeline, test: (message: Message) => boolean): number {
  for (let at = timeline.length - 1; at >= 0; at -= 1) {
    const message = timeline[at];
    if (message !== undefined && test(message)) return at;
  }
  return -1;
}

/** The timeline after an event, quotes included. Messages that are not loaded stay so. */
export const afterEvent = (timeline: Timeline, event: LoggedEvent, userId: string | null): Timeline =>
  quotesAfter(withChange(timeline, event, userId), event);

function withChange(timeline: Timeline, event: LoggedEvent, userId: string | null): Timeline {
  if (!('message' in event)) return timeline;
  const incoming = event.message;
  const known = timeline.find(({ id }) => id === incoming.id);
  if (event.__typename === 'MessageCreated') {
    if (incoming.parentId !== null) return withReplies(timeline, incoming.parentId, 1);
    return put(timeline, { ...incoming, ownReactions: known?.ownReactions ?? [] });
  }
  if (event.__typename === 'MessageDeleted' && incoming.parentId !== null && isFirstDeletion(event)) {
    return withReplies(timeline, incoming.parentId, -1);
  }
  if (known === undefined) return timeline;
  if (event.__typename === 'MessageDeleted' && event.hard) return timeline.filter((message) => message !== known);
  return put(timeline, { ...incoming, ownReactions: ownReactionsAfter(known.ownReactions ?? [], event, userId) });
}

/** A thread's root has no event of its own when a reply comes or goes. */
function withReplies(timeline: Timeline, rootId: string, by: 1 | -1): Timeline {
  const root = timeline.find(({ id }) => id === rootId);
  return root === undefined ? timeline : put(timeline, { ...root, replyCount: Math.max(0, root.replyCount + by) });
}
