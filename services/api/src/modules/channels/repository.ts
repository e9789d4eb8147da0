import { type Channel, isUserId, type JsonObject, ParleyError } from '@parley/contracts';
import type { Sql } from '../../platform/sql.ts';
import { channelJson } from './channel-json.ts';

/** A channel that exists now; the part that is the same for every viewer. */
export type ChannelRecord = Channel;

/** Channels by id, in one statement; deleted and unknown ones are absent. */
export async function loadChannels(
  sql: Sql,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, ChannelRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ channel: ChannelRecord }>(
    `SELECT ${channelJson('c')} AS channel FROM channels c WHERE c.app_id = $1 AND c.channel_id = ANY($2) AND c.deleted_at IS NULL`,
    [appId, ids],
  );
  return new Map(rows.map(({ channel }) => [channel.id, channel]));
}

/** A channel to be made. */
export interface ChannelDraft {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly custom: JsonObject;
  readonly createdBy: string | null;
  readonly distinctKey: string | null;
}

/** Makes the channel unless there is one with this id; says which. It runs in a transaction. @throws conflict: a user has the id */
export async function insertChannel(sql: Sql, appId: string, draft: ChannelDraft): Promise<boolean> {
  if (isUserId(draft.id)) await refuseIdOfUser(sql, appId, draft.id);
  const rows = await sql.query(
    `INSERT INTO channels (app_id, channel_id, type, key, name, image, custom, created_by, distinct_key)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING channel_id`,
    [
      appId,
      draft.id,
      draft.type,
      draft.key,
      draft.name,
      draft.image,
      JSON.stringify(draft.custom),
      draft.createdBy,
      draft.distinctKey,
    ],
  );
  return rows.length > 0;
}

/** Two statements, for the second has to see what was committed while the first waited for whoever makes such a user (migrations/1791000000000). */
async function refuseIdOfUser(sql: Sql, appId: string, id: string): Promise<void> {
  await sql.query('SELECT lock_object_id($1, $2)', [appId, id]);
  const found = await sql.query(
    `SELECT 1 FROM users u WHERE u.app_id = $1 AND u.user_id = $2
        AND NOT EXISTS (SELECT 1 FROM channels c WHERE c.app_id = $1 AND c.channel_id = $2)`,
    [appId, id],
  );
  if (found.length > 0)
    throw new ParleyError('conflict', `unable to create channel; the id ${id} is that of a user, choose another key`, {
      field: 'key',
    });
}

/** Which of these channels were deleted. The id of one is never given to another, because clients know its log. */
export async function deletedChannels(sql: Sql, appId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    'SELECT channel_id AS id FROM channels WHERE app_id = $1 AND channel_id = ANY($2) AND deleted_at IS NOT NULL',
    [appId, ids],
  );
  return new Set(rows.map((row) => row.id));
}
