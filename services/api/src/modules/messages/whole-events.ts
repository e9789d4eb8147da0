import { withUsersOfNow } from '../../domain/users-of-events.ts';
import type { WholeEvents } from '../../platform/whole-events.ts';
import { saidJson } from './message-json.ts';

/** Of a message that was deleted for good; when, only the event of its deletion knows. Its events stay, since the log has no holes. */
const nothing = `'{"text": "", "attachments": [], "mentionedUsers": [], "quotedId": null, "quoted": null, "custom": {}, "reactionGroups": []}'::jsonb`;

/**
 * SQL: the event of a row of `channel_events`, as jsonb, whose message says what it says now: an edit shows in the events before it, what was deleted in
 * none, and quotes follow. The counts stay those of the time of the event, since who replays the log counts on from them. It reads the message's row by
 * its key, so it costs the same however long the message is and however many events it has. Whoever sends the id of a message that was deleted for good
 * sends a message of a later place, or of another channel, which is none of the event's.
 */
const wholeEvent = (alias: string): string => `CASE WHEN ${alias}.message_id IS NULL THEN ${alias}.payload
  ELSE jsonb_set(${alias}.payload, '{message}', (${alias}.payload -> 'message') || COALESCE(
    (SELECT ${saidJson('said')} FROM messages said WHERE said.app_id = ${alias}.app_id AND said.message_id = ${alias}.message_id
        AND said.channel_id = ${alias}.channel_id AND said.seq <= ${alias}.seq),
    ${nothing} || jsonb_build_object('deletedAt', COALESCE(NULLIF(${alias}.payload #> '{message,deletedAt}', 'null'), ${alias}.payload -> 'at'))))
  END`;

export const wholeEvents: WholeEvents = { sql: wholeEvent, withUsers: withUsersOfNow };
