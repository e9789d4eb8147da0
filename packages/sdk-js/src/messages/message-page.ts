import type { Message } from '@parley/contracts';

/** A page of the timeline as the API gives it, oldest first. */
export interface MessagePage {
  readonly nodes: readonly Message[];
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
}

/** Documents leave out what is null by rule: the quoted message of a quoted one, and own reactions inside events. */
export const completed = (message: Message): Message => ({
  ...message,
  ownReactions: message.ownReactions ?? null,
  quoted: message.quoted === null ? null : { ...message.quoted, quoted: null, ownReactions: null },
});
