import type { LoggedEvent, Message } from '@parley/contracts';

/** An event as JSON, in its two forms. */
export interface EventTexts {
  /** What the bus carries: all of it. */
  readonly published: string;
  /** What the log keeps: of a message its place and its counts, nothing that was said. Who reads the log is given that from the message's row. */
  readonly stored: string;
}

type Said = 'text' | 'attachments' | 'mentionedUsers' | 'quotedId' | 'quoted' | 'custom';

const saidIn = ({ text, attachments, mentionedUsers, quotedId, quoted, custom }: Message): Record<Said, unknown> => ({
  text,
  attachments,
  mentionedUsers,
  quotedId,
  quoted,
  custom,
});

/** Written out, field by field, which every send is the faster for. */
const placeOf = (message: Message): Omit<Message, Said> => ({
  id: message.id,
  channelId: message.channelId,
  seq: message.seq,
  kind: message.kind,
  user: message.user,
  parentId: message.parentId,
  replyCount: message.replyCount,
  reactionGroups: message.reactionGroups,
  ownReactions: message.ownReactions,
  createdAt: message.createdAt,
  editedAt: message.editedAt,
  deletedAt: message.deletedAt,
});

/** Serialises an event, each part of it once. */
export function eventTexts(event: LoggedEvent): EventTexts {
  if (!('message' in event)) {
    const text = JSON.stringify(event);
    return { published: text, stored: text };
  }
  const head = `${JSON.stringify({ ...event, message: undefined }).slice(0, -1)},"message":`;
  const place = JSON.stringify(placeOf(event.message));
  return {
    stored: `${head}${place}}`,
    published: `${head}${place.slice(0, -1)},${JSON.stringify(saidIn(event.message)).slice(1)}}`,
  };
}
