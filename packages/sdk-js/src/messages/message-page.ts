import type { Message, Reaction } from '@parley/contracts';
import { type MessagesQueryVariables, messagesQuery } from '../operations/documents.ts';
import type { ExecuteTyped } from '../operations/execute.ts';

type MessageParts = Omit<Message, 'quoted' | 'ownReactions'>;

/** A message as documents ask for it: without what is null by rule, which is the quoted message of a quoted one, and own reactions inside events. */
export type ReceivedMessage = MessageParts & {
  readonly quoted: MessageParts | null;
  readonly ownReactions?: readonly Reaction[] | null;
};

/** A page of the timeline as the API gives it, oldest first. */
export interface MessagePage {
  readonly nodes: readonly Message[];
  readonly pageInfo: {
    readonly hasPreviousPage: boolean;
    readonly hasNextPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export const completed = (message: ReceivedMessage): Message => ({
  ...message,
  ownReactions: message.ownReactions ?? null,
  quoted: message.quoted === null ? null : { ...message.quoted, quoted: null, ownReactions: null },
});

/** A page as documents ask for it. */
export type ReceivedPage = Omit<MessagePage, 'nodes'> & { readonly nodes: readonly ReceivedMessage[] };

export const completedPage = ({ nodes, pageInfo }: ReceivedPage): MessagePage => ({
  nodes: nodes.map(completed),
  pageInfo,
});

/** Which page of a timeline. */
export type PageArguments = Omit<MessagesQueryVariables, 'id'>;

/** Null: the channel is gone, or may no longer be read. */
export async function loadPage(execute: ExecuteTyped, id: string, page: PageArguments): Promise<MessagePage | null> {
  const { channel } = await execute(messagesQuery, { id, ...page });
  return channel === null ? null : completedPage(channel.messages);
}
