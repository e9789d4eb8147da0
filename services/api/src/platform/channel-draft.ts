import { type LoggedEvent, limits, ParleyError } from '@parley/contracts';
import type { Draft } from './channel-command.ts';
import type { ChannelPatch, ChannelRow } from './channel-row.ts';
import { type EventTexts, eventTexts } from './event-texts.ts';

export const noSuchChannel = (channelId: string) =>
  new ParleyError('not_found', `unable to use channel ${channelId}; there is no such channel`);

/** A channel's row as it was read with its lock, and the database's time then. */
export interface LockedRow extends ChannelRow {
  readonly at: string;
  readonly headAt: string | null;
}

/**
 * SQL: the columns of {@link LockedRow} of a row of `channels`. Not now(): a transaction that waited for the lock would stamp a time before that of
 * the event it follows.
 */
export const lockedColumns = (alias: string): string =>
  `${alias}.app_id AS "appId", ${alias}.channel_id AS "channelId", ${alias}.type, ${alias}.key, ${alias}.name, ${alias}.image, ${alias}.custom,
   ${alias}.created_by AS "createdBy", ${alias}.seq, ${alias}.log_floor AS "logFloor", ${alias}.member_count AS "memberCount",
   ${alias}.last_message_at AS "lastMessageAt", ${alias}.created_at AS "createdAt", ${alias}.updated_at AS "updatedAt",
   ${alias}.head_at AS "headAt", clock_timestamp()::timestamptz(3) AS at`;

/** What a transaction is going to write of a locked channel. Nothing of it is stored yet. */
export interface ChannelDraft {
  readonly channel: ChannelRow;
  readonly at: string;
  readonly patched: ChannelPatch;
  readonly events: readonly LoggedEvent[];
  /** The same events as JSON. */
  readonly texts: readonly EventTexts[];
  append<Event extends LoggedEvent>(draft: Draft<Event>): Event;
  patch(changes: ChannelPatch): void;
  /** Remembers the state of now; the function that it returns restores it. */
  mark(): () => void;
}

export function createChannelDraft({ at: lockedAt, headAt, ...row }: LockedRow): ChannelDraft {
  const at = headAt !== null && headAt > lockedAt ? headAt : lockedAt;
  const events: LoggedEvent[] = [];
  const texts: EventTexts[] = [];
  let channel: ChannelRow = row;
  let patched: ChannelPatch = {};
  return {
    at,
    events,
    texts,
    get channel() {
      return channel;
    },
    get patched() {
      return patched;
    },
    append<Event extends LoggedEvent>(draft: Draft<Event>): Event {
      // The three fields that a draft lacks are these; the compiler cannot add them up over a union.
      const event = { ...draft, channelId: channel.channelId, seq: channel.seq + 1, at } as unknown as Event;
      const text = eventTexts(event);
      checkSize(event, text.published);
      channel = { ...channel, seq: event.seq };
      events.push(event);
      texts.push(text);
      return event;
    },
    patch(changes) {
      patched = { ...patched, ...changes };
      const { deletedAt: _, ...visible } = changes;
      channel = { ...channel, ...visible };
    },
    mark() {
      const before = { channel, patched, count: events.length };
      return () => {
        ({ channel, patched } = before);
        events.length = before.count;
        texts.length = before.count;
      };
    },
  };
}

/** One event that no bus message can hold would be a hole for ever: nobody who is behind it could be brought further. */
function checkSize({ __typename, channelId }: LoggedEvent, payload: string): void {
  const limit = limits.eventBytes;
  // A code unit is at most 3 bytes, so most payloads need no counting.
  if (payload.length * 3 <= limit || Buffer.byteLength(payload) <= limit) return;
  throw new ParleyError(
    'payload_too_large',
    `unable to write to channel ${channelId}; ${__typename} with its users would be over ${limit} bytes: name fewer of them, or shorten their custom data`,
    { limit },
  );
}

/** The message whose row holds what the event leaves out. */
export const messageIdOf = (event: LoggedEvent): string | null => ('message' in event ? event.message.id : null);
