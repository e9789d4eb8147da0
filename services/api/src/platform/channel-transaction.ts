import {
  type ChannelDraft,
  createChannelDraft,
  type LockedRow,
  lockedColumns,
  messageIdOf,
  noSuchChannel,
} from './channel-draft.ts';
import type { ChannelTransaction, ChannelWork } from './channel-log.ts';
import type { ChannelPatch } from './channel-row.ts';
import type { EventBatch } from './event-batch.ts';
import type { Sql } from './sql.ts';

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
    `SELECT ${lockedColumns('c')} FROM channels c WHERE app_id = $1 AND channel_id = $2 AND deleted_at IS NULL FOR UPDATE`,
    [appId, channelId],
  );
  if (locked === undefined) throw noSuchChannel(channelId);
  const draft = createChannelDraft(locked);
  let spoilt = false;

  const run = async <T>(work: ChannelWork<T>): Promise<T> => {
    if (draft.patched.deletedAt !== undefined) throw noSuchChannel(channelId);
    const undo = draft.mark();
    let touched = false;
    const tx: ChannelTransaction = {
      sql: {
        query: (text, params) => {
          touched = true;
          return sql.query(text, params);
        },
      },
      at: draft.at,
      get channel() {
        return draft.channel;
      },
      get nextSeq() {
        return draft.channel.seq + 1;
      },
      append: draft.append,
      patch: draft.patch,
    };
    try {
      return await work(tx);
    } catch (fault) {
      undo();
      spoilt ||= touched;
      throw fault;
    }
  };

  return {
    run,
    get spoilt() {
      return spoilt;
    },
    async finish() {
      await flush(sql, draft);
      const { events, texts } = draft;
      if (events.length === 0) return null;
      return { appId, channelId, events, payloads: texts.map(({ published }) => published) };
    },
  };
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

async function flush(sql: Sql, { channel, at, patched: patch, events, texts }: ChannelDraft): Promise<void> {
  const { appId, channelId, seq } = channel;
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
    `${place(texts.map(({ stored }) => stored))}::text[]`,
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
