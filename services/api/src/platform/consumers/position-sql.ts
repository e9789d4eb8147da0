/**
 * SQL: the `seq` up to which a consumer has come in a channel. `k`: its cursor there, of which there is none before it has handled anything; `s`: its row
 * of `consumers`. Of a channel that is younger than the consumer everything is new, and so is all for a consumer that begins at the earliest: nobody knows
 * how far the log was pruned when it was started, so it is told of all that is. A consumer that begins at the head has to do with what is not older than itself.
 */
export const positionSql = (c: string, k: string, s: string): string => `coalesce(${k}.seq, CASE
  WHEN ${s}.start_at = 'earliest' OR ${c}.created_at >= ${s}.started_at THEN 0
  ELSE coalesce((SELECT old.seq FROM channel_events old WHERE old.app_id = ${c}.app_id AND old.channel_id = ${c}.channel_id
         AND old.at < ${s}.started_at ORDER BY old.seq DESC LIMIT 1), ${c}.log_floor) END)`;

/** SQL: whether there may be anything for the consumer in a channel, by the channel's row and the consumer's cursor alone. */
export const isBehindSql = (c: string, k: string, s: string): string =>
  `(${c}.seq > coalesce(${k}.seq, 0) AND (${k}.consumer IS NOT NULL OR ${s}.start_at = 'earliest' OR ${c}.head_at >= ${s}.started_at))`;
