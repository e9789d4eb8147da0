import { type LoggedEvent, type Message, mapUsersOfEvent, type User } from '@parley/contracts';

/** An event as JSON, in its two forms. */
export interface EventTexts {
  /** What the bus carries: all of it. */
  readonly published: string;
  /**
   * What the log keeps: of a message its place and its counts, nothing that was said, and of users their ids. Who reads the log is given the rest from the
   * rows of now.
   */
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

/** The only part of a user that the log keeps. What is read back has the rest of now: see {@link WholeEvents}. */
const idOf = ({ id }: User): User => ({ id }) as User;

/** Serialises an event, in both forms. */
export function eventTexts(event: LoggedEvent): EventTexts {
  const kept = mapUsersOfEvent(event, idOf);
  if (!('message' in event) || !('message' in kept))
    return { published: JSON.stringify(event), stored: JSON.stringify(kept) };
  return {
    stored: `${headOf(kept)}${JSON.stringify(placeOf(kept.message))}}`,
    published: `${headOf(event)}${JSON.stringify(placeOf(event.message)).slice(0, -1)},${JSON.stringify(saidIn(event.message)).slice(1)}}`,
  };
}

const headOf = (event: LoggedEvent): string =>
  `${JSON.stringify({ ...event, message: undefined }).slice(0, -1)},"message":`;
