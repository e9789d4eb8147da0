import type { Channel as ChannelData, Member, Message, User } from '@parley/contracts';
import type { MessageView } from '@parley/sdk-js';

const past = '2026-01-01T00:00:00.000Z';

export function user(id: string, parts: Partial<User> = {}): User {
  const name = id.charAt(0).toUpperCase() + id.slice(1);
  return {
    id,
    name,
    image: null,
    role: 'user',
    custom: {},
    online: false,
    lastActiveAt: null,
    createdAt: past,
    updatedAt: past,
    deletedAt: null,
    ...parts,
  };
}

export const member = (who: User, role = 'member'): Member => ({ user: who, role, createdAt: past, custom: {} });

export function channelData(id: string, parts: Partial<ChannelData> = {}): ChannelData {
  const [type = '', key = ''] = id.split(':');
  return {
    id,
    type,
    key,
    name: null,
    image: null,
    custom: {},
    createdBy: null,
    createdAt: past,
    updatedAt: past,
    lastMessageAt: null,
    seq: 0,
    memberCount: 2,
    ...parts,
  };
}

export function message(id: string, from: User | null, text: string, parts: Partial<Message> = {}): Message {
  return {
    id,
    channelId: 'messaging:general',
    seq: 1,
    kind: 'REGULAR',
    user: from,
    text,
    attachments: [],
    mentionedUsers: [],
    parentId: null,
    quoted: null,
    replyCount: 0,
    reactionGroups: [],
    ownReactions: [],
    custom: {},
    createdAt: past,
    editedAt: null,
    deletedAt: null,
    ...parts,
  };
}

export const view = (sent: Message, parts: Partial<MessageView> = {}): MessageView => ({
  ...sent,
  status: 'sent',
  error: null,
  ...parts,
});
