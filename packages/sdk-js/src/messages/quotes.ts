import type { Message } from '@parley/contracts';
import type { LoggedEvent } from '../channels/channel-event.ts';

/** The messages after an event that edited or deleted one which some of them quote. The same array when none does. */
export function quotesAfter<Quoting extends Message>(
  messages: readonly Quoting[],
  event: LoggedEvent,
): readonly Quoting[] {
  if (event.__typename !== 'MessageUpdated' && event.__typename !== 'MessageDeleted') return messages;
  const { message: source } = event;
  if (!messages.some(({ quoted }) => quoted?.id === source.id)) return messages;
  // The API quotes nothing of what was deleted for good.
  const gone = event.__typename === 'MessageDeleted' && event.hard;
  return messages.map((message) =>
    message.quoted?.id === source.id ? { ...message, quoted: gone ? null : quoteOf(source) } : message,
  );
}

/** Quotes are one level deep, and say nothing of the viewer. */
export const quoteOf = (message: Message): Message => ({ ...message, quoted: null, ownReactions: null });
