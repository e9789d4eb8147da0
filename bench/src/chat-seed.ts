import { randomBytes } from 'node:crypto';
import { mintUserToken } from '@parley/sdk-server';
import type { Client } from 'pg';

/** A tenant with as many channels as members, each a member of its own channel and all members of the first. */
export interface SeededChat {
  readonly appId: string;
  readonly channelIds: readonly string[];
  /** By index: the token of the member of the channel with that index. */
  readonly tokens: readonly string[];
  readonly userIds: readonly string[];
}

/** Writes the rows of a chat into a migrated database; far quicker than through the API, and the same rows. */
export async function seedChat(sql: Client, channels: number): Promise<SeededChat> {
  const appId = `bench-${randomBytes(6).toString('hex')}`;
  const keyId = `key_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  await sql.query(`INSERT INTO organisations (organisation_id, name) VALUES ($1, 'Bench')`, [appId]);
  await sql.query(
    `INSERT INTO apps (app_id, organisation_id, name, environment) VALUES ($1, $1, 'Bench', 'development')`,
    [appId],
  );
  await sql.query('INSERT INTO api_keys (app_id, key_id, secret) VALUES ($1, $2, $3)', [appId, keyId, secret]);
  await sql.query(
    `INSERT INTO users (app_id, user_id, name) SELECT $1, 'user-' || n, 'User ' || n FROM generate_series(0, $2 - 1) n`,
    [appId, channels],
  );
  await sql.query(
    `INSERT INTO channels (app_id, channel_id, type, key, created_by, member_count)
     SELECT $1, 'messaging:c' || n, 'messaging', 'c' || n, 'user-' || n, CASE n WHEN 0 THEN $2::int ELSE 1 END FROM generate_series(0, $2 - 1) n`,
    [appId, channels],
  );
  await sql.query(
    `INSERT INTO members (app_id, channel_id, user_id)
     SELECT $1, 'messaging:c' || n, 'user-' || n FROM generate_series(0, $2 - 1) n
     UNION SELECT $1, 'messaging:c0', 'user-' || n FROM generate_series(0, $2 - 1) n`,
    [appId, channels],
  );
  const indexes = Array.from({ length: channels }, (_, index) => index);
  const userIds = indexes.map((index) => `user-${index}`);
  const tokens = await Promise.all(
    userIds.map((userId) => mintUserToken({ keyId, secret }, userId, { expiresInSeconds: 86_400 })),
  );
  return { appId, channelIds: indexes.map((index) => `messaging:c${index}`), tokens, userIds };
}

/** Gives each channel so many messages, and the planner its statistics, as in a database that has been used for a while. */
export async function seedPast(sql: Client, { appId, channelIds }: SeededChat, messages: number): Promise<void> {
  await sql.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text, content_hash)
     SELECT $1, gen_random_uuid(), c, n, 'user-0', 'message ' || n || ' of a conversation', md5(n::text) FROM unnest($2::text[]) c, generate_series(1, $3::int) n`,
    [appId, channelIds, messages],
  );
  await sql.query('UPDATE channels SET seq = $2, head_at = now(), last_message_at = now() WHERE app_id = $1', [
    appId,
    messages,
  ]);
  await sql.query('VACUUM ANALYZE');
}
