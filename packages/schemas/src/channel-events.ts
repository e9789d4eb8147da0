import type { ChannelEvent, EphemeralEvent, LoggedEvent, ReadAdvanced } from '@parley/contracts';
import { z } from 'zod';
import { channel, dateTime, member, message, reaction, seq, user } from './objects.ts';

const named = <Name extends string>(name: Name) => ({
  __typename: z.literal(name),
  channelId: z.string(),
  at: dateTime,
});
const logged = <Name extends string>(name: Name) => ({
  ...named(name),
  seq: seq.refine((value) => value > 0),
  actor: user.nullable(),
});
const memberCount = z.int().min(0);

const loggedEvents = [
  z.object({ ...logged('MessageCreated'), message }),
  z.object({ ...logged('MessageUpdated'), message }),
  z.object({ ...logged('MessageDeleted'), message, hard: z.boolean() }),
  z.object({ ...logged('ReactionAdded'), message, reaction }),
  z.object({ ...logged('ReactionRemoved'), message, reaction }),
  z.object({ ...logged('MembersAdded'), members: z.array(member), memberCount }),
  z.object({ ...logged('MembersRemoved'), userIds: z.array(z.string()), memberCount }),
  z.object({ ...logged('ChannelUpdated'), channel }),
  z.object(logged('ChannelDeleted')),
] as const;

const readAdvancedObject = z.object({ ...named('ReadAdvanced'), userId: z.string(), readSeq: seq });
const ephemeralEvents = [
  readAdvancedObject,
  z.object({ ...named('TypingChanged'), user, parentId: z.string().nullable(), typing: z.boolean() }),
  z.object({ ...named('UserUpdated'), user }),
] as const;
const markers = [
  z.object({ ...named('ChannelSynced'), seq, epoch: z.string(), reads: z.array(readAdvancedObject) }),
  z.object({ ...named('ChannelReset'), seq, epoch: z.string() }),
] as const;

export const readAdvanced: z.ZodType<ReadAdvanced> = readAdvancedObject;
export const loggedEvent: z.ZodType<LoggedEvent> = z.discriminatedUnion('__typename', loggedEvents);
export const ephemeralEvent: z.ZodType<EphemeralEvent> = z.discriminatedUnion('__typename', ephemeralEvents);
export const channelEvent: z.ZodType<ChannelEvent> = z.discriminatedUnion('__typename', [
  ...loggedEvents,
  ...ephemeralEvents,
  ...markers,
]);
/** An event on its way between our services; see {@link ChannelEvent} for the form that reaches a client. */
export const publishedEvent: z.ZodType<LoggedEvent | EphemeralEvent> = z.discriminatedUnion('__typename', [
  ...loggedEvents,
  ...ephemeralEvents,
]);
