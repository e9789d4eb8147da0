import type { JsonObject } from '@parley/contracts';

export interface CreateChannelInput {
  /** `messaging`, `team`, `livestream`, `support`, `broadcast` or `ai`. */
  readonly type: string;
  /** 1 to 64 of `A-Za-z0-9_!-`; without it the channel is the one that its members share. */
  readonly key?: string;
  readonly name?: string;
  readonly image?: string;
  readonly custom?: JsonObject;
  readonly memberIds?: readonly string[];
}

/** Omitted fields are unchanged; null clears. */
export interface UpdateChannelInput {
  readonly name?: string | null;
  readonly image?: string | null;
  readonly custom?: JsonObject;
}

export interface MemberInput {
  readonly userId: string;
  /** `owner`, `moderator` or `member` (the default). */
  readonly role?: string;
  readonly custom?: JsonObject;
}
