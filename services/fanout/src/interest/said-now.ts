import type { LoggedEvent, Message, MessageDeleted, MessageUpdated } from '@parley/contracts';

/** An event that changes the words of a message, in all events and quotes of it. */
export type Rewording = MessageUpdated | MessageDeleted;

export const isRewording = (event: LoggedEvent): event is Rewording =>
  event.__typename === 'MessageUpdated' || event.__typename === 'MessageDeleted';

/** The event as the log shows it after the change. The same object when nothing of it changes. */
export function saidNow(event: LoggedEvent, { message: now, ...change }: Rewording): LoggedEvent {
  if (!('message' in event)) return event;
  const { message } = event;
  if (message.id === now.id) return { ...event, message: reworded(message, now) };
  const { quoted } = message;
  if (quoted === null || quoted.id !== now.id) return event;
  const hard = change.__typename === 'MessageDeleted' && change.hard;
  return { ...event, message: { ...message, quoted: hard ? null : { ...reworded(quoted, now), quoted: null } } };
}

/** The counts stay those of the time of the event. No edit brings back deleted words. */
function reworded(message: Message, now: Message): Message {
  if (message.deletedAt !== null) return message;
  const { text, attachments, mentionedUsers, quoted, custom, editedAt, deletedAt } = now;
  const said = { text, attachments, mentionedUsers, quoted, custom, editedAt, deletedAt };
  return { ...message, ...said, ...(deletedAt === null ? {} : { reactionGroups: [] }) };
}

/** Whether `event` was read from the log later than `known`, as far as its words show. */
export function saysMore(event: LoggedEvent, known: LoggedEvent): boolean {
  if (!('message' in event) || !('message' in known)) return false;
  return isLater(event.message, known.message) || isLater(event.message.quoted, known.message.quoted);
}

function isLater(one: Message | null, other: Message | null): boolean {
  // A quote that is gone was deleted for good.
  if (one === null || other === null) return one === null && other !== null;
  if (one.deletedAt !== other.deletedAt) return other.deletedAt === null;
  return (one.editedAt ?? '') > (other.editedAt ?? '');
}
