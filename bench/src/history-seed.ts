import type { Client } from 'pg';
import type { SeededChat } from './chat-seed.ts';

/** Messages in each of the channels but the first, of which the first member has read all but some. */
const others = 200;

/**
 * Fills the first channel with so many messages, and the others with a few hundred each; the first member becomes a member of all of them and has
 * some unread in each. Their events are not there, as after pruning. Without the indexes, which are made anew, it takes a third of the time.
 */
export async function seedHistory(sql: Client, { appId, channelIds }: SeededChat, messages: number): Promise<void> {
  const { rows } = await sql.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'messages' AND indexname LIKE 'messages\\_%'
        AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
  );
  for (const { name } of rows) await sql.query(`DROP INDEX ${name}`);
  const insert = `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text, created_at)
    SELECT $1, gen_random_uuid(), $2, n, 'user-' || n % 50, 'message ' || n || ' of a long conversation', now() - (($3::int - n) * interval '1 second')
      FROM generate_series(1, $3) n`;
  await sql.query('SET synchronous_commit = off');
  await sql.query(insert, [appId, channelIds[0], messages]);
  await sql.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text, created_at)
     SELECT $1, gen_random_uuid(), c, n, 'user-' || n % 50, 'message ' || n || ' of a conversation', now() - (($3::int - n) * interval '1 second')
       FROM unnest($2::text[]) c, generate_series(1, $3) n`,
    [appId, channelIds.slice(1), others],
  );
  for (const { definition } of rows) await sql.query(definition);
  await sql.query(
    `INSERT INTO members (app_id, channel_id, user_id) SELECT $1, unnest($2::text[]), 'user-0' ON CONFLICT DO NOTHING`,
    [appId, channelIds],
  );
  await sql.query(
    `UPDATE channels SET seq = CASE channel_id WHEN $2 THEN $3::bigint ELSE $4::bigint END, head_at = now(),
        last_message_at = now() - length(channel_id) * interval '1 minute' WHERE app_id = $1`,
    [appId, channelIds[0], messages, others],
  );
  await sql.query(
    `UPDATE members m SET read_seq = greatest(0, c.seq - 1 - abs(hashtext(m.channel_id)) % 100) FROM channels c
      WHERE m.app_id = $1 AND c.app_id = m.app_id AND c.channel_id = m.channel_id`,
    [appId],
  );
  await sql.query('VACUUM ANALYZE messages');
  await sql.query('ANALYZE');
}
