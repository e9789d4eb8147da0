import { createHash } from 'node:crypto';

/** Shares of a consumer that nodes lease. Fixed for good: another number would need every node to change at once. */
export const partitions = 16;

/** A channel of an app. */
export interface Place {
  readonly appId: string;
  readonly channelId: string;
}

/** SQL: the partition of a row with the columns `app_id` and `channel_id`. */
export const partitionSql = (alias: string): string =>
  `(get_byte(sha256(convert_to(${alias}.app_id || '/' || ${alias}.channel_id, 'UTF8')), 0) & ${partitions - 1})`;

/** As {@link partitionSql} has it. */
export const partitionOf = ({ appId, channelId }: Place): number =>
  (createHash('sha256').update(`${appId}/${channelId}`).digest()[0] ?? 0) & (partitions - 1);

/** Names a channel in a Map. No id holds a `/`. */
export const placeKey = ({ appId, channelId }: Place): string => `${appId}/${channelId}`;
