import * as clientLimits from './client-limits.ts';
import { invalidInput } from './errors.ts';

declare const brand: unique symbol;
/** A text that was parsed as what its name says, so that no other one is taken for it. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** An app: the unit of tenancy. Everything a tenant stores hangs off one. */
export type AppId = Branded<'AppId'>;
/** The public half of an API key; the `kid` of every token signed with its secret. */
export type KeyId = Branded<'KeyId'>;
/** The tenant's own name for a user: 1–255 of `A-Za-z0-9@_.:-`. */
export type UserId = Branded<'UserId'>;
/** `type:key`. */
export type ChannelId = Branded<'ChannelId'>;
/** A UUID chosen by the sender; it is the idempotency key of the send. */
export type MessageId = Branded<'MessageId'>;

const userIdPattern = /^[A-Za-z0-9@_.:-]{1,255}$/;
const channelIdPattern = /^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9_!-]{1,64}$/;
const channelKeyPattern = /^[A-Za-z0-9_!-]{1,64}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUserId = (value: string): value is UserId => userIdPattern.test(value);
export const isChannelId = (value: string): value is ChannelId => channelIdPattern.test(value);
export const isMessageId = (value: string): value is MessageId => uuidPattern.test(value);

/** @throws invalid_input */
export function parseUserId(value: string, field = 'userId'): UserId {
  if (isUserId(value)) return value;
  throw invalidInput(field, `a user id is 1 to ${clientLimits.userId} of A-Z a-z 0-9 @ _ . : -`, clientLimits.userId);
}

/** Ids are compared as stored, so a UUID is always lower case here. @throws invalid_input */
export function parseMessageId(value: string, field = 'id'): MessageId {
  const id = value.toLowerCase();
  if (isMessageId(id)) return id;
  throw invalidInput(field, 'a message id is a UUID, for example from crypto.randomUUID()');
}

/** @throws invalid_input */
export function parseChannelKey(value: string, field = 'key'): string {
  if (channelKeyPattern.test(value)) return value;
  throw invalidInput(
    field,
    `a channel key is 1 to ${clientLimits.channelKey} of A-Z a-z 0-9 _ ! -`,
    clientLimits.channelKey,
  );
}

/** @throws invalid_input */
export function parseChannelId(value: string, field = 'channelId'): ChannelId {
  if (isChannelId(value)) return value;
  throw invalidInput(field, 'a channel id is "type:key", for example "messaging:general"');
}

/** Joins two parts that were parsed before. */
export const channelIdOf = (type: string, key: string): ChannelId => `${type}:${key}` as ChannelId;

export function splitChannelId(id: string): { readonly type: string; readonly key: string } {
  const colon = id.indexOf(':');
  return colon < 0 ? { type: id, key: '' } : { type: id.slice(0, colon), key: id.slice(colon + 1) };
}
