import { isoTime, userJson, userJsonOf } from '../../domain/user-json.ts';

const unlessDeleted = (alias: string, expression: string, empty: string): string =>
  `CASE WHEN ${alias}.deleted_at IS NULL THEN ${expression} ELSE ${empty} END`;

const mentionedUsers = (
  alias: string,
): string => `COALESCE((SELECT json_agg(${userJson('mentioned')} ORDER BY wanted.position)
  FROM unnest(${alias}.mentioned_user_ids) WITH ORDINALITY wanted(user_id, position)
  JOIN users mentioned ON mentioned.app_id = ${alias}.app_id AND mentioned.user_id = wanted.user_id), '[]'::json)`;

/** SQL: the parts of a message that its author may change, and its deletion takes away; nothing of them of a deleted one. */
const saidParts = (alias: string): string => `
  'text', ${unlessDeleted(alias, `${alias}.text`, `''`)},
  'attachments', ${unlessDeleted(alias, `${alias}.attachments`, `'[]'::jsonb`)},
  'mentionedUsers', ${unlessDeleted(alias, mentionedUsers(alias), `'[]'::json`)},
  'custom', ${unlessDeleted(alias, `${alias}.custom`, `'{}'::jsonb`)},
  'quotedId', ${unlessDeleted(alias, `${alias}.quoted_id`, 'NULL')},
  'editedAt', ${isoTime(`${alias}.edited_at`)}, 'deletedAt', ${isoTime(`${alias}.deleted_at`)}`;

const withQuoted = (alias: string, quoted: string): string => `json_build_object(
  'id', ${alias}.message_id, 'channelId', ${alias}.channel_id, 'seq', ${alias}.seq, 'kind', ${alias}.kind,
  'user', ${userJsonOf(`${alias}.app_id`, `${alias}.user_id`)},
  'parentId', ${alias}.parent_id, 'quoted', ${quoted}, 'replyCount', ${alias}.reply_count,
  'reactionGroups', ${unlessDeleted(alias, `${alias}.reaction_groups`, `'[]'::jsonb`)}, 'ownReactions', NULL,
  'createdAt', ${isoTime(`${alias}.created_at`)}, ${saidParts(alias)})`;

/** SQL: the message that the row quotes, or null. An id that a hard delete set free may be another message's by now: a quote is of the same channel, and of something earlier. */
export const quotedBy = (alias: string): string =>
  `CASE WHEN ${alias}.quoted_id IS NULL OR ${alias}.deleted_at IS NOT NULL THEN NULL ELSE (SELECT ${withQuoted('source', 'NULL')}
      FROM messages source WHERE source.app_id = ${alias}.app_id AND source.message_id = ${alias}.quoted_id
        AND source.channel_id = ${alias}.channel_id AND source.seq < ${alias}.seq) END`;

/**
 * SQL: a row of `messages` in the shape of the contracts' Message. What was deleted softly keeps its place and its author, and nothing of
 * its content. A quoted message is given one level deep.
 */
export const messageJson = (alias: string): string => withQuoted(alias, quotedBy(alias));

/** SQL: what the log leaves out of a message: what it says now, with the quote, as jsonb. */
export const saidJson = (alias: string): string =>
  `(json_build_object('quoted', ${quotedBy(alias)}, ${saidParts(alias)})::jsonb ||
    CASE WHEN ${alias}.deleted_at IS NULL THEN '{}' ELSE '{"reactionGroups": []}' END::jsonb)`;
