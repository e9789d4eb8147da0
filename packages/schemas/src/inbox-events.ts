import type { InboxEvent, PresenceChanged } from '@parley/contracts';
import { z } from 'zod';
import { channel, dateTime, message, seq, user } from './objects.ts';

const named = <Name extends string>(name: Name) => ({ __typename: z.literal(name), at: dateTime, cursor: z.string() });
const count = z.int().min(0);

export const inboxEvent: z.ZodType<InboxEvent> = z.discriminatedUnion('__typename', [
  z.object({
    ...named('ChannelBumped'),
    channelId: z.string(),
    seq,
    unreadCount: count,
    unreadMentions: count,
    lastMessage: message.nullable(),
  }),
  z.object({ ...named('ChannelJoined'), channel }),
  z.object({ ...named('ChannelLeft'), channelId: z.string(), reason: z.enum(['removed', 'left', 'deleted']) }),
  z.object({ ...named('UnreadChanged'), totalUnread: count, unreadChannels: count }),
  z.object({ ...named('InboxUserUpdated'), user }),
  z.object({ ...named('InboxSynced'), epoch: z.string() }),
]);

export const presenceChanged: z.ZodType<PresenceChanged> = z.object({
  __typename: z.literal('PresenceChanged'),
  userId: z.string(),
  online: z.boolean(),
  lastActiveAt: dateTime.nullable(),
});
