import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Relayed } from './relay-check.ts';

/** What {@link startNaiveRelay} gives. */
export interface NaiveRelay {
  /** Reads once more what there is, and gives all that it ever saw, in its order. */
  stop(): Promise<readonly Relayed[]>;
}

/** Gives the outbox what the platform's has not: an increasing id for each row, taken when it is inserted. */
const shadow = [
  'CREATE TABLE naive_outbox (id bigserial PRIMARY KEY, app_id text, channel_id text, seq bigint)',
  `CREATE FUNCTION shadow_outbox() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO naive_outbox (app_id, channel_id, seq) VALUES (NEW.app_id, NEW.channel_id, NEW.first_seq);
     RETURN NULL;
   END $$`,
  'CREATE TRIGGER shadow_outbox AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION shadow_outbox()',
];
const everyMs = 20;
const page = 500;

/**
 * The relay that the platform does not have: it remembers the last id and reads what is above. A transaction that took its ids early and commits
 * late is behind that id by then, and is never seen.
 */
export async function startNaiveRelay(databaseUrl: string): Promise<NaiveRelay> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  for (const statement of shadow) await sql.query(statement);
  const seen: Relayed[] = [];
  let last = 0;
  let stopped = false;
  const readOn = async () => {
    for (;;) {
      const { rows } = await sql.query<{ id: number; channelId: string; seq: number; mark: number }>(
        `SELECT n.id::int, n.channel_id AS "channelId", n.seq::int, (e.payload->>'memberCount')::int AS mark FROM naive_outbox n
           JOIN channel_events e ON e.app_id = n.app_id AND e.channel_id = n.channel_id AND e.seq = n.seq
          WHERE n.id > $1 ORDER BY n.id LIMIT ${page}`,
        [last],
      );
      for (const { id, ...event } of rows) {
        last = id;
        seen.push(event);
      }
      if (rows.length < page) return;
    }
  };
  const run = async () => {
    while (!stopped) {
      await readOn();
      await sleep(everyMs);
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
      await readOn();
      await sql.end();
      return seen;
    },
  };
}
