import type { JsonObject } from '../json.ts';

/** ISO 8601 with milliseconds, UTC. */
export type DateTime = string;
/** A position in a channel's log: 1, 2, 3, … dense. */
export type Seq = number;

export interface User {
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  /** Role in the app: `user`, `admin`, or the tenant's own. */
  readonly role: string;
  readonly custom: JsonObject;
  readonly online: boolean;
  readonly lastActiveAt: DateTime | null;
  readonly createdAt: DateTime;
  readonly updatedAt: DateTime;
  readonly deletedAt: DateTime | null;
}

/** The part of a channel that is the same for every viewer. Lists and the viewer's side are asked for by query. */
export interface Channel {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly custom: JsonObject;
  readonly createdBy: User | null;
  readonly createdAt: DateTime;
  readonly updatedAt: DateTime;
  readonly lastMessageAt: DateTime | null;
  readonly seq: Seq;
  readonly memberCount: number;
}

export interface Member {
  readonly user: User;
  /** Role in the channel: `owner`, `moderator`, `member`. */
  readonly role: string;
  readonly createdAt: DateTime;
  readonly custom: JsonObject;
}

export type MessageKind = 'REGULAR' | 'SYSTEM' | 'EPHEMERAL';

export interface Attachment {
  readonly id: string;
  readonly type: string;
  readonly url: string | null;
  readonly title: string | null;
  readonly mimeType: string | null;
  readonly size: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationMs: number | null;
  readonly thumbnailUrl: string | null;
  readonly custom: JsonObject;
}

export interface Reaction {
  readonly type: string;
  readonly user: User;
  readonly score: number;
  readonly createdAt: DateTime;
}

export interface ReactionGroup {
  readonly type: string;
  readonly count: number;
  readonly sumScores: number;
  readonly firstAt: DateTime;
  readonly lastAt: DateTime;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly seq: Seq;
  readonly kind: MessageKind;
  readonly user: User | null;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly mentionedUsers: readonly User[];
  readonly parentId: string | null;
  /** Stays when the quoted message is gone; null once this message was deleted. Absent from what nodes of before said. */
  readonly quotedId?: string | null;
  /** One level only: that of a quoted message is null here, whatever it quotes. */
  readonly quoted: Message | null;
  readonly replyCount: number;
  readonly reactionGroups: readonly ReactionGroup[];
  /** Null in what the bus carries: clients derive it from the reactions that they see. */
  readonly ownReactions: readonly Reaction[] | null;
  readonly custom: JsonObject;
  readonly createdAt: DateTime;
  readonly editedAt: DateTime | null;
  readonly deletedAt: DateTime | null;
}
