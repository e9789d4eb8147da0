import type {
  AppBusMessage,
  ChangesBusMessage,
  ChannelBusMessage,
  HeartbeatBusMessage,
  PresenceBusMessage,
  UserBusMessage,
} from '@parley/contracts/bus';
import { z } from 'zod';
import { publishedEvent } from './channel-events.ts';
import { inboxEvent, presenceChanged } from './inbox-events.ts';
import { dateTime } from './objects.ts';

export const channelBusMessage: z.ZodType<ChannelBusMessage> = z.object({
  epoch: z.string().optional(),
  events: z.array(publishedEvent),
});

const access = z.object({ kind: z.literal('access'), at: dateTime });

export const userBusMessage: z.ZodType<UserBusMessage> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inbox'), epoch: z.string().optional(), events: z.array(inboxEvent) }),
  z.object({ kind: z.literal('revoked'), issuedBefore: dateTime }),
  access,
]);

export const appBusMessage: z.ZodType<AppBusMessage> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('revoked'), keyId: z.string().nullable(), issuedBefore: dateTime }),
  access,
  z.object({ kind: z.literal('users') }),
]);

export const changesBusMessage: z.ZodType<ChangesBusMessage> = z.object({
  nodeId: z.string().min(1),
  channels: z.array(z.object({ appId: z.string().min(1), channelId: z.string().min(1) })),
});

export const heartbeatBusMessage: z.ZodType<HeartbeatBusMessage> = z.object({
  nodeId: z.string().min(1),
  startedAt: dateTime,
  hearsItself: z.boolean(),
  leaving: z.boolean(),
});

export const presenceBusMessage: z.ZodType<PresenceBusMessage> = z.object({ event: presenceChanged });
