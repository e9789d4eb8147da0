import type { Channel as ChannelData, Member, Message, User } from '@parley/contracts';
import type { MessageView } from '@parley/sdk-js';
import { buildChannel, buildMember, buildMessage, buildUser } from '@parley/testkit/builders';

export const user = (id: string, parts: Partial<User> = {}): User =>
  buildUser({ id, name: id.charAt(0).toUpperCase() + id.slice(1), ...parts });

export const member = (who: User, role = 'member'): Member => buildMember({ user: who, role });

export const channelData = (id: string, parts: Partial<ChannelData> = {}): ChannelData =>
  buildChannel({ id, ...parts });

export const message = (id: string, from: User | null, text: string, parts: Partial<Message> = {}): Message =>
  buildMessage({ id, user: from, text, ownReactions: [], ...parts });

export const view = (sent: Message, parts: Partial<MessageView> = {}): MessageView => ({
  ...sent,
  status: 'sent',
  pending: null,
  error: null,
  failedEdit: null,
  ...parts,
});
