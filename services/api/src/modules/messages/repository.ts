import type { Message } from '@parley/contracts';
import type { Sql } from '../../platform/sql.ts';
import type { MessageContent } from './message-input.ts';
import { messageJson, quotedBy } from './message-json.ts';

/** Messages by id, in one statement, softly deleted ones as tombstones; unknown ones are absent. */
export async function loadMessages(sql: Sql, appId: string, ids: readonly string[]): Promise<Map<string, Message>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ message: Message }>(
    `SELECT ${messageJson('m')} AS message FROM messages m WHERE m.app_id = $1 AND m.message_id = ANY($2::uuid[])`,
    [appId, ids],
  );
  return new Map(rows.map(({ message }) => [message.id, message]));
}

/** What each of these messages quotes, by id of the quoting one, in one statement; absent: nothing, or nothing that is there. */
export async function loadQuoted(sql: Sql, appId: string, ids: readonly string[]): Promise<Map<string, Message>> {
  const rows = await sql.query<{ id: string; quoted: Message | null }>(
    `SELECT m.message_id AS id, ${quotedBy('m')} AS quoted FROM messages m WHERE m.app_id = $1 AND m.message_id = ANY($2::uuid[])`,
    [appId, ids],
  );
  return new Map(rows.flatMap(({ id, quoted }) => (quoted === null ? [] : [[id, quoted] as const])));
}

/** The newest message of the timeline of each channel (replies do not count), by channel id, in one statement. */
export async function lastMessages(
  sql: Sql,
  appId: string,
  channelIds: readonly string[],
): Promise<Map<string, Message>> {
  if (channelIds.length === 0) return new Map();
  const rows = await sql.query<{ message: Message }>(
    `SELECT ${messageJson('m')} AS message FROM unnest($2::text[]) wanted(channel_id)
      CROSS JOIN LATERAL (SELECT * FROM messages WHERE app_id = $1 AND channel_id = wanted.channel_id
        AND (parent_id IS NULL OR show_in_channel) ORDER BY seq DESC LIMIT 1) m`,
    [appId, channelIds],
  );
  return new Map(rows.map(({ message }) => [message.channelId, message]));
}

/** A message to be stored. */
export interface MessageDraft {
  readonly id: string;
  readonly channelId: string;
  readonly seq: number;
  readonly kind: 'REGULAR' | 'SYSTEM';
  readonly userId: string | null;
  readonly content: MessageContent;
  readonly parentId: string | null;
  readonly quotedId: string | null;
  readonly hash: string;
  readonly at: string;
}

/** Stores the message unless there is one with this id, or a user; says which. It runs while the channel is locked, so it asks for nothing back. */
export async function insertMessage(sql: Sql, appId: string, draft: MessageDraft): Promise<boolean> {
  const { content } = draft;
  const rows = await sql.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, kind, user_id, text, attachments, mentioned_user_ids, parent_id,
        quoted_id, custom, content_hash, created_at)
      SELECT $1, $2::uuid, $3, $4::bigint, $5, $6, $7, $8::jsonb, $9::text[], $10::uuid, $11::uuid, $12::jsonb, $13, $14::timestamptz
        WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.app_id = $1 AND u.user_id = $2::uuid::text)
      ON CONFLICT (app_id, message_id) DO NOTHING RETURNING message_id`,
    [
      appId,
      draft.id,
      draft.channelId,
      draft.seq,
      draft.kind,
      draft.userId,
      content.text,
      JSON.stringify(content.attachments),
      content.mentionedUserIds,
      draft.parentId,
      draft.quotedId,
      JSON.stringify(content.custom),
      draft.hash,
      draft.at,
    ],
  );
  return rows.length > 0;
}

/** What the message with this id was when it was sent; null: no such message. */
export async function contentHashOf(sql: Sql, appId: string, id: string): Promise<string | null> {
  const rows = await sql.query<{ hash: string | null }>(
    'SELECT content_hash AS hash FROM messages WHERE app_id = $1 AND message_id = $2',
    [appId, id],
  );
  return rows[0]?.hash ?? null;
}

/** One more reply of this root, or one less. */
export async function countReply(sql: Sql, appId: string, parentId: string, change: 1 | -1): Promise<void> {
  await sql.query(
    'UPDATE messages SET reply_count = greatest(reply_count + $3, 0) WHERE app_id = $1 AND message_id = $2',
    [appId, parentId, change],
  );
}

export async function updateContent(
  sql: Sql,
  appId: string,
  id: string,
  content: MessageContent,
  at: string,
): Promise<Message | null> {
  const rows = await sql.query<{ message: Message }>(
    `UPDATE messages AS m SET text = $3, attachments = $4, mentioned_user_ids = $5, custom = $6, edited_at = $7
      WHERE m.app_id = $1 AND m.message_id = $2 AND m.deleted_at IS NULL RETURNING ${messageJson('m')} AS message`,
    [
      appId,
      id,
      content.text,
      JSON.stringify(content.attachments),
      content.mentionedUserIds,
      JSON.stringify(content.custom),
      at,
    ],
  );
  return rows[0]?.message ?? null;
}

export async function deleteSoftly(sql: Sql, appId: string, id: string, at: string): Promise<void> {
  await sql.query('UPDATE messages SET deleted_at = $3 WHERE app_id = $1 AND message_id = $2 AND deleted_at IS NULL', [
    appId,
    id,
    at,
  ]);
}

export async function deleteForGood(sql: Sql, appId: string, id: string): Promise<void> {
  await sql.query('DELETE FROM reactions WHERE app_id = $1 AND message_id = $2', [appId, id]);
  await sql.query('DELETE FROM messages WHERE app_id = $1 AND message_id = $2', [appId, id]);
}
