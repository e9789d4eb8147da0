import type { LoggedEvent } from '@parley/contracts';
import type { Bus } from '@parley/service-kit';
import type { Db } from './db.ts';
import type { EventPublisher } from './event-publisher.ts';
import type { Sql } from './sql.ts';
import type { WholeEvents } from './whole-events.ts';

interface OutboxRow {
  readonly appId: string;
  readonly channelId: string;
  readonly firstSeq: number;
  readonly events: readonly LoggedEvent[];
}

const rowsAtOnce = 50;

export interface SweepDependencies {
  readonly db: Db;
  readonly bus: Bus;
  readonly publisher: EventPublisher;
  readonly wholeEvents: WholeEvents;
}

/**
 * Publishes what a crash or a lost bus left behind: rows of the outbox older than `olderThanMs`. Nodes may sweep at once; each takes rows that no
 * other has in hand. A row is deleted in the transaction that holds it, so a sweep that dies leaves it for the next. Resolves with the count of
 * rows published.
 */
export async function sweepOutbox(
  { db, bus, publisher, wholeEvents }: SweepDependencies,
  olderThanMs: number,
): Promise<number> {
  let total = 0;
  while (bus.connected) {
    const { taken, published } = await db.transaction((sql) => sweepSome(sql, { publisher, wholeEvents }, olderThanMs));
    total += published;
    if (published < taken || taken < rowsAtOnce) break;
  }
  return total;
}

async function sweepSome(
  sql: Sql,
  { publisher, wholeEvents }: Pick<SweepDependencies, 'publisher' | 'wholeEvents'>,
  olderThanMs: number,
): Promise<{ taken: number; published: number }> {
  const taken = await takeRows(sql, wholeEvents, olderThanMs);
  const logs = await wholeEvents.withUsers(sql, taken);
  const rows = taken.map((row, index) => ({ ...row, events: logs[index] ?? [] }));
  const published: OutboxRow[] = [];
  for (const row of rows) {
    const { appId, channelId, events } = row;
    const payloads = events.map((event) => JSON.stringify(event));
    // Pruned meanwhile: there is nothing left to say.
    if (events.length > 0 && !(await publisher.publish({ appId, channelId, events, payloads }))) break;
    published.push(row);
  }
  if (published.length > 0) await deleteRows(sql, published);
  return { taken: rows.length, published: published.length };
}

function takeRows(sql: Sql, wholeEvents: WholeEvents, olderThanMs: number): Promise<OutboxRow[]> {
  return sql.query<OutboxRow>(
    `WITH taken AS (
       SELECT app_id, channel_id, first_seq, last_seq FROM outbox
        WHERE created_at <= now() - make_interval(secs => $1::float8 / 1000)
        ORDER BY created_at LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED)
     SELECT t.app_id AS "appId", t.channel_id AS "channelId", t.first_seq AS "firstSeq",
            coalesce((SELECT jsonb_agg(${wholeEvents.sql('e')} ORDER BY e.seq) FROM channel_events e
                       WHERE e.app_id = t.app_id AND e.channel_id = t.channel_id AND e.seq BETWEEN t.first_seq AND t.last_seq), '[]') AS events
       FROM taken t ORDER BY t.app_id, t.channel_id, t.first_seq`,
    [olderThanMs],
  );
}

async function deleteRows(sql: Sql, rows: readonly OutboxRow[]): Promise<void> {
  await sql.query(
    `DELETE FROM outbox o USING unnest($1::text[], $2::text[], $3::bigint[]) AS k (app_id, channel_id, first_seq)
      WHERE o.app_id = k.app_id AND o.channel_id = k.channel_id AND o.first_seq = k.first_seq`,
    [rows.map((row) => row.appId), rows.map((row) => row.channelId), rows.map((row) => row.firstSeq)],
  );
}
