import type { AppSettings, Attachment, JsonObject } from '@parley/contracts';

/** A user as you know it. Omitted fields are cleared: the call replaces. */
export interface UserInput {
  readonly id: string;
  readonly name?: string | null;
  /** http or https URL. */
  readonly image?: string | null;
  readonly role?: string;
  readonly custom?: JsonObject;
  /** Read by back ends and by the user itself only. */
  readonly private?: JsonObject;
}

/** Omitted fields are unchanged. See `AppSettings` for what each does. */
export type UpdateAppSettingsInput = Partial<AppSettings>;

/** Without `key`: the one channel of exactly these members. */
export interface CreateChannelInput {
  readonly type: string;
  readonly key?: string;
  readonly name?: string | null;
  readonly image?: string | null;
  readonly custom?: JsonObject;
  readonly memberIds?: readonly string[];
}

/** Omitted fields are unchanged; null clears. */
export interface UpdateChannelInput {
  readonly channelId: string;
  readonly name?: string | null;
  readonly image?: string | null;
  readonly custom?: JsonObject;
}

/** `role`: `owner`, `moderator` or `member`. */
export interface MemberInput {
  readonly userId: string;
  readonly role?: string;
  readonly custom?: JsonObject;
}

export type AttachmentInput = Pick<Attachment, 'type'> & Partial<Omit<Attachment, 'id' | 'type'>>;

/** A message that this back end sends in a user's name. */
export interface SendMessageInput {
  readonly channelId: string;
  /** A UUID; the message is never doubled when it is sent again with the same one. Made here when omitted. */
  readonly id?: string;
  readonly text?: string;
  readonly attachments?: readonly AttachmentInput[];
  readonly mentionedUserIds?: readonly string[];
  readonly parentId?: string;
  readonly quotedId?: string;
  readonly custom?: JsonObject;
}

/** Without `userId`: the tokens of every user and server of the app, so those of this client too; it makes new ones by itself. */
export interface RevokeTokensInput {
  readonly userId?: string;
  /** Tokens issued up to this moment are refused from now on. Default: now. */
  readonly issuedBefore?: Date;
}

/** A key of the app, as far as it may be shown. Times are ISO 8601. */
export interface ApiKeyInfo {
  readonly id: string;
  readonly label: string | null;
  /** The end of its secret. */
  readonly lastFour: string;
  readonly createdAt: string;
  /** Null: it is valid. */
  readonly revokedAt: string | null;
}

/** A new key; its secret is shown this once. */
export interface CreatedKey {
  readonly key: ApiKeyInfo;
  readonly secret: string;
}
