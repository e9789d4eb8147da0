import type { MessageCreated } from '@parley/contracts';

interface Sample {
  readonly id: string;
  readonly channelId: string;
  readonly seq: number;
  /** Who sends; `lastActiveAt` is null for one who is not online. */
  readonly user: { readonly id: string; readonly name: string; readonly lastActiveAt: string | null };
  readonly text: string;
  readonly at: string;
}

/** An event of the log as the API stores and publishes it, with every field that the schema has. */
export function messageCreated({ id, channelId, seq, user: sender, text, at }: Sample): MessageCreated {
  const user = {
    id: sender.id,
    name: sender.name,
    image: null,
    role: 'user',
    custom: {},
    online: sender.lastActiveAt !== null,
    lastActiveAt: sender.lastActiveAt,
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  return {
    __typename: 'MessageCreated',
    channelId,
    at,
    seq,
    actor: user,
    message: {
      id,
      channelId,
      seq,
      kind: 'REGULAR',
      user,
      text,
      attachments: [],
      mentionedUsers: [],
      parentId: null,
      quoted: null,
      replyCount: 0,
      reactionGroups: [],
      ownReactions: null,
      custom: {},
      createdAt: at,
      editedAt: null,
      deletedAt: null,
    },
  };
}
