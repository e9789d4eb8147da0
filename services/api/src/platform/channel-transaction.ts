import { type LoggedEvent, limits, ParleyError } from '@parley/contracts';
import type { ChannelTransaction, ChannelWork, Draft } from './channel-log.ts';
import type { ChannelPatch, ChannelRow } from './channel-row.ts';
import type { EventBatch } from './event-batch.ts';
import type { Sql } from './sql.ts';

export const noSuchChannel = (channelId: string) =>
  new ParleyError('not_found', `unable to use channel ${channelId}; there is no such channel`);

interface LockedRow extends ChannelRow {
  readonly at: string;
  readonly headAt: string | null;
}

/** The locked channel of one transaction, and what the works in it want written when it ends. */
export interface OpenChannel {
  /**
   * Runs a work. When it throws before its first statement nothing of it stays and the transaction goes on; `spoilt` says that it did not.
   * @throws what the work throws
   */
  run<T>(work: ChannelWork<T>): Promise<T>;
  /** A work failed after it had written: only a rollback undoes it. */
  readonly spoilt: boolean;
  /** Writes events, outbox and the channel's row in one statement. Null when nothing was appended. */
  finish(): Promise<EventBatch | null>;
}

/** Locks the row until the transaction ends. @throws not_found */
export async function openChannel(sql: Sql, appId: string, channelId: string): Promise<OpenChannel> {
  const [locked] = await sql.query<LockedRow>(
    // Not now(): a transaction that waited for the lock would stamp a time before that of the event it follows.
    `SELECT app_id AS "appId", channel_id AS "channelId", type, key, name, image, custom, created_by AS "createdBy", seq,
            log_floor AS "logFloor", member_count AS "memberCount", last_message_at AS "lastMessageAt", created_at AS "createdAt",
            updated_at AS "updatedAt", head_at AS "headAt", clock_timestamp()::timestamptz(3) AS at
       FROM channels WHERE app_id = $1 AND channel_id = $2 AND deleted_at IS NULL FOR UPDATE`,
    [appId, channelId],
  );
  if (locked === undefined) throw noSuchChannel(channelId);
  const { at: lockedAt, headAt, ...row } = locked;
  const at = headAt !== null && headAt > lockedAt ? headAt : lockedAt;

  let channel: ChannelRow = row;
  let patch: ChannelPatch = {};
  let events: LoggedEvent[] = [];
  let payloads: string[] = [];
  let spoilt = false;

  const run = async <T>(work: ChannelWork<T>): Promise<T> => {
    if (patch.deletedAt !== undefined) throw noSuchChannel(channelId);
    const before = { channel, patch, events, payloads };
    let touched = false;
    const tx: ChannelTransaction = {
      sql: {
        query: (text, params) => {
          touched = true;
          return sql.query(text, params);
        },
      },
      at,
      get channel() {
        return channel;
      },
      get nextSeq() {
        return channel.seq + 1;
      },
      append<Event extends LoggedEvent>(draft: Draft<Event>): Event {
        // The three fields that a draft lacks are these; the compiler cannot add them up over a union.
        const event = { ...draft, channelId, seq: channel.seq + 1, at } as unknown as Event;
        const payload = JSON.stringify(event);
        checkSize(event, payload);
        channel = { ...channel, seq: event.seq };
        events = [...events, event];
        payloads = [...payloads, payload];
        return event;
      },
      patch(changes) {
        patch = { ...patch, ...changes };
        const { deletedAt: _, ...visible } = changes;
        channel = { ...channel, ...visible };
      },
    };
    try {
      return await work(tx);
    } catch (fault) {
      ({ channel, patch, events, payloads } = before);
      spoilt ||= touched;
      throw fault;
    }
  };

  const finish = async (): Promise<EventBatch | null> => {
    await flush(sql, { appId, channelId, seq: channel.seq, at, patch, events, payloads });
    return events.length === 0 ? null : { appId, channelId, events, payloads };
  };

  return {
    run,
    get spoilt() {
      return spoilt;
    },
    finish,
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

interface Flush {
  readonly appId: string;
  readonly channelId: string;
  readonly seq: number;
  readonly at: string;
  readonly patch: ChannelPatch;
  readonly events: readonly LoggedEvent[];
  readonly payloads: readonly string[];
}

const columns = {
  name: 'name',
  image: 'image',
  custom: 'custom',
  memberCount: 'member_count',
  lastMessageAt: 'last_message_at',
  updatedAt: 'updated_at',
  deletedAt: 'deleted_at',
} as const satisfies Record<keyof ChannelPatch, string>;

async function flush(sql: Sql, { appId, channelId, seq, at, patch, events, payloads }: Flush): Promise<void> {
  const params: unknown[] = [appId, channelId];
  const place = (value: unknown) => `$${params.push(value)}`;
  const changes: string[] = [];
  const change = (key: keyof ChannelPatch) => {
    if (patch[key] !== undefined) changes.push(`${columns[key]} = ${place(patch[key])}`);
  };
  change('name');
  change('image');
  change('custom');
  change('memberCount');
  change('lastMessageAt');
  change('updatedAt');
  change('deletedAt');
  if (events.length > 0) changes.push(`seq = ${place(seq)}`, `head_at = ${place(at)}`);
  if (changes.length === 0) return;
  const update = `UPDATE channels SET ${changes.join(', ')} WHERE app_id = $1 AND channel_id = $2`;
  if (events.length === 0) {
    await sql.query(update, params);
    return;
  }
  const rows = [
    `${place(events.map((event) => event.seq))}::bigint[]`,
    `${place(events.map((event) => event.__typename))}::text[]`,
    `${place(payloads)}::text[]`,
    `${place(events.map(messageIdOf))}::uuid[]`,
  ].join(', ');
  const first = place(events[0]?.seq);
  const last = place(seq);
  const stamp = place(at);
  await sql.query(
    `WITH head AS (${update}), log AS (
       INSERT INTO channel_events (app_id, channel_id, seq, type, payload, message_id, at)
       SELECT $1, $2, e.seq, e.type, e.payload::jsonb, e.message_id, ${stamp}::timestamptz FROM unnest(${rows}) AS e (seq, type, payload, message_id))
     INSERT INTO outbox (app_id, channel_id, first_seq, last_seq) VALUES ($1, $2, ${first}, ${last})`,
    params,
  );
}

/** What a hard delete of the message has to scrub. */
const messageIdOf = (event: LoggedEvent): string | null => ('message' in event ? event.message.id : null);
