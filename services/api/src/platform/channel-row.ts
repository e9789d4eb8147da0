import type { JsonObject } from '@parley/contracts';

/** A channel as stored, locked for the length of a transaction. */
export interface ChannelRow {
  readonly appId: string;
  readonly channelId: string;
  readonly type: string;
  readonly key: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly custom: JsonObject;
  readonly createdBy: string | null;
  /** Head of the log. */
  readonly seq: number;
  /** Events up to this one are pruned. */
  readonly logFloor: number;
  readonly memberCount: number;
  readonly lastMessageAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What work in a channel may change of its row; written once, at the end of the transaction. Times are ISO 8601. */
export interface ChannelPatch {
  readonly name?: string | null;
  readonly image?: string | null;
  readonly custom?: JsonObject;
  readonly memberCount?: number;
  readonly lastMessageAt?: string;
  readonly updatedAt?: string;
  readonly deletedAt?: string;
}
