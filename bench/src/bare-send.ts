import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { messageCreated } from './sample-event.ts';

/**
 * What a send is at the least: the row lock with its counter, the message, its event and its outbox row, in one transaction. One function call, so
 * one round trip, prepared; nothing is checked and nobody is notified.
 */
const definition = `CREATE OR REPLACE FUNCTION bench_send(app text, channel text, id uuid, author text, body text, event jsonb) RETURNS bigint
  LANGUAGE plpgsql AS $$
  DECLARE place bigint;
  BEGIN
    UPDATE channels SET seq = seq + 1, head_at = now(), last_message_at = now() WHERE app_id = app AND channel_id = channel RETURNING seq INTO place;
    INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text, content_hash) VALUES (app, id, channel, place, author, body, md5(body));
    INSERT INTO channel_events (app_id, channel_id, seq, type, payload, message_id, at)
      VALUES (app, channel, place, 'MessageCreated', event, id, now());
    INSERT INTO bench_outbox (app_id, channel_id, first_seq, last_seq) VALUES (app, channel, place, place);
    RETURN place;
  END $$`;

export async function defineBareSend(sql: Client): Promise<void> {
  // A table of its own: what it left in the outbox, the API would publish.
  await sql.query('CREATE TABLE bench_outbox (LIKE outbox INCLUDING ALL)');
  await sql.query(definition);
}

/** One client of the database that sends by itself. */
export interface BareSender {
  send(appId: string, channelId: string, userId: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export async function openBareSender(databaseUrl: string): Promise<BareSender> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    async send(appId, channelId, userId, text) {
      const id = randomUUID();
      await client.query({
        name: 'bench-send',
        text: 'SELECT bench_send($1, $2, $3, $4, $5, $6)',
        values: [appId, channelId, id, userId, text, eventOf(id, channelId, userId, text)],
      });
    },
    close: () => client.end(),
  };
}

/** The event that the API would store. */
const eventOf = (id: string, channelId: string, userId: string, text: string): string => {
  const user = { id: userId, name: userId, lastActiveAt: null };
  return JSON.stringify(messageCreated({ id, channelId, seq: 1, user, text, at: new Date().toISOString() }));
};
