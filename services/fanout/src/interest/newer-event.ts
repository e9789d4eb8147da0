import { channelEventKinds, type InboxEvent, type LoggedEvent, loggedEventNames } from '@parley/contracts';
import type { ChannelBusMessage, UserBusMessage } from '@parley/contracts/bus';
import { sdl } from '@parley/contracts/sdl';
import { channelBusMessage, dateTime, parseWith, seq, user, userBusMessage } from '@parley/schemas';
import { isJsonObject } from '@parley/service-kit';
import { z } from 'zod';

// An API node that is newer than this node publishes kinds of events that this node does not know. The fields that every event of its family has are
// known: a logged event keeps its place in the log, an inbox event keeps its cursor. Other fields of a logged event are dropped, since code that looks for
// a `message` in it could not read one of another shape.

const inboxNames = {
  ChannelBumped: true,
  ChannelJoined: true,
  ChannelLeft: true,
  UnreadChanged: true,
  InboxUserUpdated: true,
  InboxSynced: true,
} satisfies Record<InboxEvent['__typename'], true>;
const loggedNames: ReadonlySet<string> = new Set(loggedEventNames);
const knownChannelNames: ReadonlySet<string> = new Set(Object.keys(channelEventKinds));
const knownInboxNames: ReadonlySet<string> = new Set(Object.keys(inboxNames));

/** Every type that the schema of this node names, those of GraphQL itself too. An event that is called like one of them is malformed, not newer. */
const schemaTypes: ReadonlySet<string> = new Set([
  ...[...sdl.matchAll(/^(?:type|interface|union|enum|input|scalar) (\w+)/gm)].map(([, name = '']) => name),
  ...['String', 'Int', 'Float', 'Boolean', 'ID'],
]);
/** A name of a GraphQL type. */
const kind = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9_]{0,99}$/, 'it must be the name of a type')
  .refine((name) => !schemaTypes.has(name), 'it is the name of another type');
const newerLogged = z.object({
  __typename: kind,
  channelId: z.string(),
  at: dateTime,
  seq: seq.refine((value) => value > 0),
  actor: user.nullable(),
});
const newerInbox = z.object({ __typename: kind, at: dateTime, cursor: z.string() });

/** Whether the event is of a kind that only newer nodes know. */
export const isNewer = (event: LoggedEvent): boolean => !loggedNames.has(event.__typename);

/** A page of the log with newer kinds reduced to their known fields. */
export const knownPartOfLog = (events: readonly LoggedEvent[]): readonly LoggedEvent[] =>
  events.some(isNewer) ? events.map((event) => (isNewer(event) ? loggedPart(event) : event)) : events;

/** Checks a message of a channel that holds newer kinds. Those without a `seq` are dropped: ephemeral events may be lost. @throws invalid_input */
export function knownPartOfChannelMessage(message: unknown): ChannelBusMessage {
  const { known, newer, rest } = split(message, knownChannelNames);
  const checked = parseWith(channelBusMessage, { ...rest, events: known }, 'message');
  const logged = newer.filter((event) => 'seq' in event).map(loggedPart);
  // The topic orders logged events by their `seq`.
  return { epoch: checked.epoch, events: [...checked.events, ...logged] };
}

/** Checks a message of an inbox that holds newer kinds. @throws invalid_input */
export function knownPartOfInboxMessage(message: unknown): UserBusMessage {
  const { known, newer, rest } = split(message, knownInboxNames);
  parseWith(userBusMessage, { ...rest, events: known }, 'message');
  for (const event of newer) parseWith(newerInbox, event, 'event');
  // Checked above. Each event is rendered with the fields of its family, whatever else it holds.
  return message as UserBusMessage;
}

function split(message: unknown, names: ReadonlySet<string>) {
  const isKnown = (event: unknown) =>
    !isJsonObject(event) || typeof event['__typename'] !== 'string' || names.has(event['__typename']);
  const rest = isJsonObject(message) ? message : {};
  const events: unknown = rest['events'];
  // What is no list stays what it is, so that the parser refuses it.
  if (!Array.isArray(events)) return { rest, known: events, newer: [] };
  return {
    rest,
    known: events.filter(isKnown),
    newer: events.filter((event) => !isKnown(event)).filter(isJsonObject),
  };
}

// A newer kind has a name that the types here do not list; everything else in it is that of its family.
const loggedPart = (event: unknown): LoggedEvent => parseWith(newerLogged, event, 'event') as unknown as LoggedEvent;
