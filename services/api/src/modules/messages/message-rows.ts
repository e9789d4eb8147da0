import type { InsertedRows } from '../../platform/channel-command.ts';
import { oneRow, unnestUnseen } from '../../platform/planner-hints.ts';
import type { MessageDraft } from './repository.ts';

/** A message to be stored, and the app that it is of. */
export interface MessageRow {
  readonly appId: string;
  readonly draft: MessageDraft;
}

const byId = (a: MessageRow, b: MessageRow) => (a.draft.id < b.draft.id ? -1 : 1);

/** Messages by id, with the replies that they add to their roots, stored by one statement for all of them. */
export const messageRows: InsertedRows<MessageRow> = {
  // Of another message, or of a user.
  taken: (keys) => ({
    text: `-- taken-messages
      SELECT k.app_id AS "appId", k.message_id AS key FROM ${unnestUnseen('text', 'uuid')} AS k (app_id, message_id)
        CROSS JOIN LATERAL ${oneRow(`SELECT 1 FROM messages m WHERE m.app_id = k.app_id AND m.message_id = k.message_id
          UNION ALL SELECT 1 FROM users u WHERE u.app_id = k.app_id AND u.user_id = k.message_id::text`)} AS m`,
    params: [keys.map(({ appId }) => appId), keys.map(({ key }) => key)],
  }),
  insert: (rows) => ({
    text: `-- insert-messages
      WITH r AS (SELECT * FROM json_to_recordset($1) AS r (app_id text, message_id uuid, channel_id text, seq bigint, kind text, user_id text,
          text text, attachments jsonb, mentioned_user_ids text[], parent_id uuid, quoted_id uuid, custom jsonb, content_hash text,
          created_at timestamptz)),
      replies AS (UPDATE messages root SET reply_count = root.reply_count + n.count
          FROM (SELECT app_id, parent_id, count(*)::int AS count FROM r WHERE parent_id IS NOT NULL GROUP BY app_id, parent_id) n
         WHERE root.app_id = n.app_id AND root.message_id = n.parent_id)
      INSERT INTO messages (app_id, message_id, channel_id, seq, kind, user_id, text, attachments, mentioned_user_ids, parent_id,
          quoted_id, custom, content_hash, created_at)
        SELECT app_id, message_id, channel_id, seq, kind, user_id, text, attachments, mentioned_user_ids, parent_id,
          quoted_id, custom, content_hash, created_at FROM r`,
    params: [JSON.stringify([...rows].sort(byId).map(columnsOf))],
  }),
};

const columnsOf = ({ appId, draft: { content, ...draft } }: MessageRow) => ({
  app_id: appId,
  message_id: draft.id,
  channel_id: draft.channelId,
  seq: draft.seq,
  kind: draft.kind,
  user_id: draft.userId,
  text: content.text,
  attachments: content.attachments,
  mentioned_user_ids: content.mentionedUserIds,
  parent_id: draft.parentId,
  quoted_id: draft.quotedId,
  custom: content.custom,
  content_hash: draft.hash,
  created_at: draft.at,
});
