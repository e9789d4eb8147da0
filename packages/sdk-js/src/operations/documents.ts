// Made of the .graphql files of this package by scripts/lib/typed-documents.mjs; do not edit.
import type { JsonObject } from '@parley/contracts';
import type { TypedDocument } from './typed-document.ts';

type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Who becomes a member of which channel. */
export type AddMembersInput = {
  /** Id of the channel: its type, a colon, its key. */
  readonly channelId: string;
  /** 1 to 100 members. */
  readonly members: ReadonlyArray<MemberInput>;
};

/** A reaction of the viewer to a message. */
export type AddReactionInput = {
  /** Removes the viewer's other reactions to this message. */
  readonly exclusive?: boolean | null | undefined;
  /** Id of the message. */
  readonly messageId: string;
  /** 1 to 1000; default 1. */
  readonly score?: number | null | undefined;
  /** A word or an emoji, up to 64 characters, such as `like` or `👍`. */
  readonly type: string;
};

/** A file or a link that a message brings. */
export type AttachmentInput = {
  /** Data of your own, a JSON object of up to 5 KiB. */
  readonly custom?: JsonObject | null | undefined;
  /** Length of a recording, in ms. */
  readonly durationMs?: number | null | undefined;
  /** Pixels. */
  readonly height?: number | null | undefined;
  /** Media type, such as `image/png`, up to 255 characters. */
  readonly mimeType?: string | null | undefined;
  /** Bytes. */
  readonly size?: number | null | undefined;
  /** Address of a small picture of it, http or https, up to 2,048 bytes. */
  readonly thumbnailUrl?: string | null | undefined;
  /** Name to show, up to 255 characters. */
  readonly title?: string | null | undefined;
  /** A word that says how to show it, such as `image`, `file` or one of your own. */
  readonly type: string;
  /** Address of the content, http or https, up to 2,048 bytes. */
  readonly url?: string | null | undefined;
  /** Pixels. */
  readonly width?: number | null | undefined;
};

/** One filter language for SQL and for the SDK's live lists; the same predicate on both sides. */
export type ChannelFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<ChannelFilter> | null | undefined;
  /** Id of the user who made the channel. */
  readonly createdById?: IdFilter | null | undefined;
  /** Conditions on custom data; all of them hold. */
  readonly custom?: ReadonlyArray<CustomFilter> | null | undefined;
  /** Whether the viewer has unread messages in it. */
  readonly hasUnread?: boolean | null | undefined;
  /** Id of the channel. */
  readonly id?: IdFilter | null | undefined;
  /** Time of the newest message. */
  readonly lastMessageAt?: DateTimeFilter | null | undefined;
  /** Number of members. */
  readonly memberCount?: IntFilter | null | undefined;
  /** Ids of the members. */
  readonly members?: IdSetFilter | null | undefined;
  /** This does not hold. */
  readonly not?: ChannelFilter | null | undefined;
  /** At least one of these holds. */
  readonly or?: ReadonlyArray<ChannelFilter> | null | undefined;
  /** Type of the channel. */
  readonly type?: StringFilter | null | undefined;
};

/** One field of the order of channels. */
export type ChannelSort = {
  /** Up or down. */
  readonly direction: SortDirection;
  /** The field that orders. */
  readonly field: ChannelSortField;
};

/** What channels can be ordered by. */
export type ChannelSortField =
  /** When the channel was made. */
  | 'CREATED_AT'
  /** When its newest message was sent. */
  | 'LAST_MESSAGE_AT'
  /** How many members it has. */
  | 'MEMBER_COUNT'
  /** How many messages the viewer has not read. */
  | 'UNREAD_COUNT'
  /** When its name, image or custom data changed last. */
  | 'UPDATED_AT';

/** A channel that is opened, or made when there is none. */
export type CreateChannelInput = {
  /** Data of your own, a JSON object of up to 5 KiB. */
  readonly custom?: JsonObject | null | undefined;
  /** Address of a picture, http or https, up to 2,048 bytes. */
  readonly image?: string | null | undefined;
  /** With a server token, the key of the channel. With a user token, the key of a channel that the viewer may read; otherwise the key stands for a channel in a key space of the viewer: the same channel each time, and never that of another user. */
  readonly key?: string | null | undefined;
  /** The viewer is always one of them, as the owner, or as a member of a direct conversation of several. A user names users whom it may look up. */
  readonly memberIds?: ReadonlyArray<string> | null | undefined;
  /** Name that its members see, up to 255 characters. */
  readonly name?: string | null | undefined;
  /** Type of the channel, one of `app.channelTypes`. */
  readonly type: string;
};

/** One field of the custom data, by path (`a.b`). */
export type CustomFilter = {
  /** The value is this boolean. */
  readonly boolean?: boolean | null | undefined;
  /** Whether there is a value other than null. */
  readonly exists?: boolean | null | undefined;
  /** The value is a number, and this holds of it. */
  readonly number?: FloatFilter | null | undefined;
  /** Keys joined by dots, such as `order.status`. */
  readonly path: string;
  /** The value is a text, and this holds of it. */
  readonly string?: StringFilter | null | undefined;
};

/** A condition on a moment. */
export type DateTimeFilter = {
  /** Greater than this. */
  readonly gt?: string | null | undefined;
  /** Greater than or equal to this. */
  readonly gte?: string | null | undefined;
  /** Less than this. */
  readonly lt?: string | null | undefined;
  /** Less than or equal to this. */
  readonly lte?: string | null | undefined;
};

/** Which channel is deleted. */
export type DeleteChannelInput = {
  /** Id of the channel: its type, a colon, its key. */
  readonly channelId: string;
};

/** Which message is deleted. */
export type DeleteMessageInput = {
  /** Removes the content everywhere, including the log. */
  readonly hard?: boolean | null | undefined;
  /** Id of the message. */
  readonly messageId: string;
};

/** A condition on a number. */
export type FloatFilter = {
  /** Equal to this. */
  readonly eq?: number | null | undefined;
  /** Greater than this. */
  readonly gt?: number | null | undefined;
  /** Greater than or equal to this. */
  readonly gte?: number | null | undefined;
  /** Less than this. */
  readonly lt?: number | null | undefined;
  /** Less than or equal to this. */
  readonly lte?: number | null | undefined;
};

/** A condition on an id. */
export type IdFilter = {
  /** Equal to this. */
  readonly eq?: string | null | undefined;
  /** Equal to one of these, at most 100. */
  readonly in?: ReadonlyArray<string> | null | undefined;
};

/** A condition on a set of ids. */
export type IdSetFilter = {
  /** All of these. */
  readonly contains?: ReadonlyArray<string> | null | undefined;
  /** At least one of these. */
  readonly containsAny?: ReadonlyArray<string> | null | undefined;
  /** These and no other. */
  readonly equals?: ReadonlyArray<string> | null | undefined;
};

/** A condition on a whole number. */
export type IntFilter = {
  /** Equal to this. */
  readonly eq?: number | null | undefined;
  /** Greater than this. */
  readonly gt?: number | null | undefined;
  /** Greater than or equal to this. */
  readonly gte?: number | null | undefined;
  /** Less than this. */
  readonly lt?: number | null | undefined;
  /** Less than or equal to this. */
  readonly lte?: number | null | undefined;
};

/** Why the viewer is no longer in a channel. */
export type LeaveReason =
  /** The channel was deleted. */
  | 'deleted'
  /** The viewer left. */
  | 'left'
  /** Somebody else removed the viewer. */
  | 'removed';

/** How far the viewer has read. */
export type MarkReadInput = {
  /** Id of the channel: its type, a colon, its key. */
  readonly channelId: string;
  /** Default: the head. */
  readonly seq?: number | null | undefined;
};

/** Somebody who becomes a member. */
export type MemberInput = {
  /** Data of your own, a JSON object of up to 5 KiB. */
  readonly custom?: JsonObject | null | undefined;
  /** `owner`, `moderator` or `member` (default). Only an owner may give another role than `member`. */
  readonly role?: string | null | undefined;
  /** Id of the user. */
  readonly userId: string;
};

/** What kind of message it is. */
export type MessageKind =
  /** Reserved: no message is of this kind yet. */
  | 'EPHEMERAL'
  /** What somebody said. */
  | 'REGULAR'
  /** Sent by your back end, in no name of a user. */
  | 'SYSTEM';

/** Who is removed from which channel. */
export type RemoveMembersInput = {
  /** Id of the channel: its type, a colon, its key. */
  readonly channelId: string;
  /** 1 to 100 ids of users. */
  readonly userIds: ReadonlyArray<string>;
};

/** Which reaction of the viewer is removed. */
export type RemoveReactionInput = {
  /** Id of the message. */
  readonly messageId: string;
  /** The word or emoji. */
  readonly type: string;
};

/** A message. It holds a text or at least one attachment. */
export type SendMessageInput = {
  /** Files and links, up to 30, together up to 64 KiB as JSON. */
  readonly attachments?: ReadonlyArray<AttachmentInput> | null | undefined;
  /** Id of the channel. */
  readonly channelId: string;
  /** Data of your own, a JSON object of up to 5 KiB. */
  readonly custom?: JsonObject | null | undefined;
  /** A UUID that makes a retry safe: the same id is stored once. Without it a retry may send twice. */
  readonly id?: string | null | undefined;
  /** Ids of the users whom it mentions, up to 30, whose unread mentions it counts in. */
  readonly mentionedUserIds?: ReadonlyArray<string> | null | undefined;
  /** Root of the thread that it replies in; without it, it stands in the timeline. */
  readonly parentId?: string | null | undefined;
  /** Id of a message of the channel that it quotes. */
  readonly quotedId?: string | null | undefined;
  /** Up to 10,000 characters, counted as UTF-16 code units: most emoji are two or more. */
  readonly text?: string | null | undefined;
};

/** Whether the viewer is typing. */
export type SetTypingInput = {
  /** Id of the channel: its type, a colon, its key. */
  readonly channelId: string;
  /** Root of the thread in which it is typed; without it, the timeline. */
  readonly parentId?: string | null | undefined;
  /** True every few seconds while the viewer types; false when it stopped. */
  readonly typing: boolean;
};

/** Up or down. */
export type SortDirection =
  /** Smallest, oldest or first of the alphabet first. */
  | 'ASC'
  /** Largest, newest or last of the alphabet first. */
  | 'DESC';

/** A condition on a text. */
export type StringFilter = {
  /** Holds this text, whatever the case and the accents: `jose` finds `José`. */
  readonly contains?: string | null | undefined;
  /** Equal to this. */
  readonly eq?: string | null | undefined;
  /** Equal to one of these, at most 100. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Begins with this text, whatever the case and the accents. */
  readonly startsWith?: string | null | undefined;
};

/** A channel, and what changes of it. */
export type UpdateChannelInput = {
  /** Id of the channel: its type, a colon, its key. */
  readonly channelId: string;
  /** Data of your own, a JSON object of up to 5 KiB. It replaces what was there. */
  readonly custom?: JsonObject | null | undefined;
  /** Address of a picture, http or https, up to 2,048 bytes. */
  readonly image?: string | null | undefined;
  /** Name that its members see, up to 255 characters. */
  readonly name?: string | null | undefined;
};

/** The profile of the viewer. */
export type UpdateMeInput = {
  /** Data of your own, a JSON object of up to 5 KiB. It replaces what was there. */
  readonly custom?: JsonObject | null | undefined;
  /** Address of a picture, http or https, up to 2,048 bytes. */
  readonly image?: string | null | undefined;
  /** Name that others see, up to 255 characters. */
  readonly name?: string | null | undefined;
};

/** A message, and what changes of it. */
export type UpdateMessageInput = {
  /** Files and links, up to 30, together up to 64 KiB as JSON. They replace those that were there. */
  readonly attachments?: ReadonlyArray<AttachmentInput> | null | undefined;
  /** Data of your own, a JSON object of up to 5 KiB. It replaces what was there. */
  readonly custom?: JsonObject | null | undefined;
  /** Ids of the users whom it mentions, up to 30, whose unread mentions it counts in. */
  readonly mentionedUserIds?: ReadonlyArray<string> | null | undefined;
  /** Id of the message. */
  readonly messageId: string;
  /** Up to 10,000 characters, counted as UTF-16 code units: most emoji are two or more. */
  readonly text?: string | null | undefined;
};

/** Which users. */
export type UserFilter = {
  /** All of these hold. */
  readonly and?: ReadonlyArray<UserFilter> | null | undefined;
  /** Id of the user. */
  readonly id?: IdFilter | null | undefined;
  /** Name of the user. */
  readonly name?: StringFilter | null | undefined;
  /** Whether the user is online. */
  readonly online?: boolean | null | undefined;
  /** At least one of these holds. */
  readonly or?: ReadonlyArray<UserFilter> | null | undefined;
  /** Role of the user in the app. */
  readonly role?: StringFilter | null | undefined;
  /** What somebody typed who looks for a person: the name holds it, or the id begins with it, whatever the case and the accents. Up to 255 characters. */
  readonly search?: string | null | undefined;
};

/** One field of the order of users. */
export type UserSort = {
  /** Up or down. */
  readonly direction: SortDirection;
  /** The field that orders. */
  readonly field: UserSortField;
};

/** What users can be ordered by. */
export type UserSortField =
  /** When the user was made. */
  | 'CREATED_AT'
  /** The id. */
  | 'ID'
  /** When the user was last online. */
  | 'LAST_ACTIVE_AT'
  /** The name, without regard to case and accents; the id of a user without one. */
  | 'NAME';

export type ChannelsQueryVariables = Exact<{
  filter?: ChannelFilter | null | undefined;
  sort?: ReadonlyArray<ChannelSort> | null | undefined;
  first: number;
  after?: string | null | undefined;
  members: number;
}>;

export type ChannelsQuery = {
  readonly channels: {
    readonly nodes: ReadonlyArray<
      {
        readonly viewer: ViewerFieldsFragment | null;
        readonly members: { readonly nodes: ReadonlyArray<MemberFieldsFragment> };
        readonly messages: { readonly nodes: ReadonlyArray<EventMessageFragment> };
      } & ChannelFieldsFragment
    >;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type ChannelFieldsFragment = {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly custom: JsonObject;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastMessageAt: string | null;
  readonly seq: number;
  readonly memberCount: number;
  readonly createdBy: UserFieldsFragment | null;
};

export type MemberFieldsFragment = {
  readonly role: string;
  readonly createdAt: string;
  readonly custom: JsonObject;
  readonly user: UserFieldsFragment;
};

export type ViewerFieldsFragment = {
  readonly capabilities: ReadonlyArray<string>;
  readonly readSeq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  readonly membership: MemberFieldsFragment | null;
};

export type ChannelQueryVariables = Exact<{
  id: string;
  messages: number;
  members: number;
}>;

export type ChannelQuery = {
  readonly channel:
    | ({
        readonly epoch: string;
        readonly viewer: ViewerFieldsFragment | null;
        readonly members: { readonly nodes: ReadonlyArray<MemberFieldsFragment> };
        readonly messages: PageOfMessagesFragment;
      } & ChannelFieldsFragment)
    | null;
};

export type ChannelViewerQueryVariables = Exact<{
  id: string;
}>;

export type ChannelViewerQuery = {
  readonly channel: { readonly seq: number; readonly viewer: ViewerFieldsFragment | null } | null;
};

export type CreateChannelMutationVariables = Exact<{
  input: CreateChannelInput;
}>;

export type CreateChannelMutation = { readonly createChannel: ChannelFieldsFragment };

export type UpdateChannelMutationVariables = Exact<{
  input: UpdateChannelInput;
}>;

export type UpdateChannelMutation = { readonly updateChannel: ChannelFieldsFragment };

export type DeleteChannelMutationVariables = Exact<{
  input: DeleteChannelInput;
}>;

export type DeleteChannelMutation = { readonly deleteChannel: { readonly id: string } };

export type AddMembersMutationVariables = Exact<{
  input: AddMembersInput;
}>;

export type AddMembersMutation = { readonly addMembers: { readonly id: string } };

export type RemoveMembersMutationVariables = Exact<{
  input: RemoveMembersInput;
}>;

export type RemoveMembersMutation = { readonly removeMembers: { readonly id: string } };

export type SetTypingMutationVariables = Exact<{
  input: SetTypingInput;
}>;

export type SetTypingMutation = { readonly setTyping: boolean };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;

export type MarkReadMutation = { readonly markRead: { readonly readSeq: number; readonly unreadCount: number } };

export type ChannelEventsSubscriptionVariables = Exact<{
  channelId: string;
  after?: number | null | undefined;
  epoch?: string | null | undefined;
}>;

export type ChannelEventsSubscription = {
  readonly channelEvents:
    | {
        readonly __typename: 'ChannelDeleted';
        readonly seq: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
      }
    | {
        readonly __typename: 'ChannelReset';
        readonly seq: number;
        readonly epoch: string;
        readonly channelId: string;
        readonly at: string;
      }
    | {
        readonly __typename: 'ChannelSynced';
        readonly seq: number;
        readonly epoch: string;
        readonly channelId: string;
        readonly at: string;
        readonly reads: ReadonlyArray<{
          readonly __typename: 'ReadAdvanced';
          readonly channelId: string;
          readonly at: string;
          readonly userId: string;
          readonly readSeq: number;
        }>;
      }
    | {
        readonly __typename: 'ChannelUpdated';
        readonly seq: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly channel: ChannelFieldsFragment;
      }
    | {
        readonly __typename: 'MembersAdded';
        readonly seq: number;
        readonly memberCount: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly members: ReadonlyArray<MemberFieldsFragment>;
      }
    | {
        readonly __typename: 'MembersRemoved';
        readonly seq: number;
        readonly memberCount: number;
        readonly userIds: ReadonlyArray<string>;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
      }
    | {
        readonly __typename: 'MessageCreated';
        readonly seq: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly message: EventMessageFragment;
      }
    | {
        readonly __typename: 'MessageDeleted';
        readonly seq: number;
        readonly hard: boolean;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly message: EventMessageFragment;
      }
    | {
        readonly __typename: 'MessageUpdated';
        readonly seq: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly message: EventMessageFragment;
      }
    | {
        readonly __typename: 'ReactionAdded';
        readonly seq: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly message: EventMessageFragment;
        readonly reaction: ReactionFieldsFragment;
      }
    | {
        readonly __typename: 'ReactionRemoved';
        readonly seq: number;
        readonly channelId: string;
        readonly at: string;
        readonly actor: UserFieldsFragment | null;
        readonly message: EventMessageFragment;
        readonly reaction: ReactionFieldsFragment;
      }
    | {
        readonly __typename: 'ReadAdvanced';
        readonly userId: string;
        readonly readSeq: number;
        readonly channelId: string;
        readonly at: string;
      }
    | {
        readonly __typename: 'TypingChanged';
        readonly parentId: string | null;
        readonly typing: boolean;
        readonly channelId: string;
        readonly at: string;
        readonly user: UserFieldsFragment;
      }
    | {
        readonly __typename: 'UserUpdated';
        readonly channelId: string;
        readonly at: string;
        readonly user: UserFieldsFragment;
      };
};

export type InboxSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type InboxSubscription = {
  readonly inbox:
    | {
        readonly __typename: 'ChannelBumped';
        readonly channelId: string;
        readonly seq: number;
        readonly unreadCount: number;
        readonly unreadMentions: number;
        readonly at: string;
        readonly cursor: string;
        readonly lastMessage: EventMessageFragment | null;
      }
    | {
        readonly __typename: 'ChannelJoined';
        readonly at: string;
        readonly cursor: string;
        readonly channel: ChannelFieldsFragment;
      }
    | {
        readonly __typename: 'ChannelLeft';
        readonly channelId: string;
        readonly reason: LeaveReason;
        readonly at: string;
        readonly cursor: string;
      }
    | { readonly __typename: 'InboxSynced'; readonly epoch: string; readonly at: string; readonly cursor: string }
    | {
        readonly __typename: 'InboxUserUpdated';
        readonly at: string;
        readonly cursor: string;
        readonly user: UserFieldsFragment;
      }
    | {
        readonly __typename: 'UnreadChanged';
        readonly totalUnread: number;
        readonly unreadChannels: number;
        readonly at: string;
        readonly cursor: string;
      };
};

export type UnreadQueryVariables = Exact<{ [key: string]: never }>;

export type UnreadQuery = { readonly unread: { readonly totalUnread: number; readonly unreadChannels: number } };

export type MessageFieldsFragment = {
  readonly id: string;
  readonly channelId: string;
  readonly seq: number;
  readonly kind: MessageKind;
  readonly text: string;
  readonly parentId: string | null;
  readonly replyCount: number;
  readonly custom: JsonObject;
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  readonly user: UserFieldsFragment | null;
  readonly attachments: ReadonlyArray<{
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
  }>;
  readonly mentionedUsers: ReadonlyArray<UserFieldsFragment>;
  readonly reactionGroups: ReadonlyArray<{
    readonly type: string;
    readonly count: number;
    readonly sumScores: number;
    readonly firstAt: string;
    readonly lastAt: string;
  }>;
};

export type ReactionFieldsFragment = {
  readonly type: string;
  readonly score: number;
  readonly createdAt: string;
  readonly user: UserFieldsFragment;
};

export type EventMessageFragment = { readonly quoted: MessageFieldsFragment | null } & MessageFieldsFragment;

export type ViewerMessageFragment = {
  readonly ownReactions: ReadonlyArray<ReactionFieldsFragment> | null;
} & EventMessageFragment;

export type PageOfMessagesFragment = {
  readonly nodes: ReadonlyArray<ViewerMessageFragment>;
  readonly pageInfo: {
    readonly hasPreviousPage: boolean;
    readonly hasNextPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

export type MessagesQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  around?: string | null | undefined;
  aroundSeq?: number | null | undefined;
}>;

export type MessagesQuery = { readonly channel: { readonly messages: PageOfMessagesFragment } | null };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;

export type SendMessageMutation = { readonly sendMessage: ViewerMessageFragment };

export type UpdateMessageMutationVariables = Exact<{
  input: UpdateMessageInput;
}>;

export type UpdateMessageMutation = { readonly updateMessage: ViewerMessageFragment };

export type DeleteMessageMutationVariables = Exact<{
  input: DeleteMessageInput;
}>;

export type DeleteMessageMutation = { readonly deleteMessage: ViewerMessageFragment };

export type AddReactionMutationVariables = Exact<{
  input: AddReactionInput;
}>;

export type AddReactionMutation = { readonly addReaction: ViewerMessageFragment };

export type RemoveReactionMutationVariables = Exact<{
  input: RemoveReactionInput;
}>;

export type RemoveReactionMutation = { readonly removeReaction: ViewerMessageFragment };

export type PresenceSubscriptionVariables = Exact<{
  userIds: ReadonlyArray<string>;
}>;

export type PresenceSubscription = {
  readonly presenceChanges: ReadonlyArray<{
    readonly __typename: 'PresenceChanged';
    readonly userId: string;
    readonly online: boolean;
    readonly lastActiveAt: string | null;
  }>;
};

export type UserFieldsFragment = {
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly role: string;
  readonly custom: JsonObject;
  readonly online: boolean;
  readonly lastActiveAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
};

export type MeQueryVariables = Exact<{ [key: string]: never }>;

export type MeQuery = { readonly me: UserFieldsFragment };

export type UsersQueryVariables = Exact<{
  filter?: UserFilter | null | undefined;
  sort?: ReadonlyArray<UserSort> | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type UsersQuery = {
  readonly users: {
    readonly nodes: ReadonlyArray<UserFieldsFragment>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type UpdateMeMutationVariables = Exact<{
  input: UpdateMeInput;
}>;

export type UpdateMeMutation = { readonly updateMe: UserFieldsFragment };

const channelFields =
  'fragment ChannelFields on Channel{id type key name image custom createdBy{...UserFields}createdAt updatedAt lastMessageAt seq memberCount}';
const memberFields = 'fragment MemberFields on Member{user{...UserFields}role createdAt custom}';
const viewerFields =
  'fragment ViewerFields on ChannelViewer{membership{...MemberFields}capabilities readSeq unreadCount unreadMentions}';
const messageFields =
  'fragment MessageFields on Message{id channelId seq kind user{...UserFields}text attachments{id type url title mimeType size width height durationMs thumbnailUrl custom}mentionedUsers{...UserFields}parentId replyCount reactionGroups{type count sumScores firstAt lastAt}custom createdAt editedAt deletedAt}';
const reactionFields = 'fragment ReactionFields on Reaction{type user{...UserFields}score createdAt}';
const eventMessage = 'fragment EventMessage on Message{...MessageFields quoted{...MessageFields}}';
const viewerMessage = 'fragment ViewerMessage on Message{...EventMessage ownReactions{...ReactionFields}}';
const pageOfMessages =
  'fragment PageOfMessages on MessageConnection{nodes{...ViewerMessage}pageInfo{hasPreviousPage hasNextPage startCursor endCursor}}';
const userFields =
  'fragment UserFields on User{id name image role custom online lastActiveAt createdAt updatedAt deletedAt}';
export const channelsQuery =
  `query Channels($filter:ChannelFilter$sort:[ChannelSort!]$first:Int!$after:String$members:Int!){channels(filter:$filter sort:$sort first:$first after:$after){nodes{...ChannelFields viewer{...ViewerFields}members(first:$members){nodes{...MemberFields}}messages(last:1){nodes{...EventMessage}}}pageInfo{hasNextPage endCursor}}}${channelFields}${userFields}${viewerFields}${memberFields}${eventMessage}${messageFields}` as TypedDocument<
    ChannelsQuery,
    ChannelsQueryVariables
  >;
export const channelQuery =
  `query Channel($id:ID!$messages:Int!$members:Int!){channel(id:$id){...ChannelFields epoch viewer{...ViewerFields}members(first:$members){nodes{...MemberFields}}messages(last:$messages){...PageOfMessages}}}${channelFields}${userFields}${viewerFields}${memberFields}${pageOfMessages}${viewerMessage}${eventMessage}${messageFields}${reactionFields}` as TypedDocument<
    ChannelQuery,
    ChannelQueryVariables
  >;
export const channelViewerQuery =
  `query ChannelViewer($id:ID!){channel(id:$id){seq viewer{...ViewerFields}}}${viewerFields}${memberFields}${userFields}` as TypedDocument<
    ChannelViewerQuery,
    ChannelViewerQueryVariables
  >;
export const createChannelMutation =
  `mutation createChannel($input:CreateChannelInput!){createChannel(input:$input){...ChannelFields}}${channelFields}${userFields}` as TypedDocument<
    CreateChannelMutation,
    CreateChannelMutationVariables
  >;
export const updateChannelMutation =
  `mutation updateChannel($input:UpdateChannelInput!){updateChannel(input:$input){...ChannelFields}}${channelFields}${userFields}` as TypedDocument<
    UpdateChannelMutation,
    UpdateChannelMutationVariables
  >;
export const deleteChannelMutation =
  `mutation deleteChannel($input:DeleteChannelInput!){deleteChannel(input:$input){id}}` as TypedDocument<
    DeleteChannelMutation,
    DeleteChannelMutationVariables
  >;
export const addMembersMutation =
  `mutation addMembers($input:AddMembersInput!){addMembers(input:$input){id}}` as TypedDocument<
    AddMembersMutation,
    AddMembersMutationVariables
  >;
export const removeMembersMutation =
  `mutation removeMembers($input:RemoveMembersInput!){removeMembers(input:$input){id}}` as TypedDocument<
    RemoveMembersMutation,
    RemoveMembersMutationVariables
  >;
export const setTypingMutation = `mutation setTyping($input:SetTypingInput!){setTyping(input:$input)}` as TypedDocument<
  SetTypingMutation,
  SetTypingMutationVariables
>;
export const markReadMutation =
  `mutation markRead($input:MarkReadInput!){markRead(input:$input){readSeq unreadCount}}` as TypedDocument<
    MarkReadMutation,
    MarkReadMutationVariables
  >;
export const channelEventsSubscription =
  `subscription ChannelEvents($channelId:ID!$after:Seq$epoch:String){channelEvents(channelId:$channelId after:$after epoch:$epoch){__typename channelId at ...on LoggedEvent{seq actor{...UserFields}}...on MessageCreated{message{...EventMessage}}...on MessageUpdated{message{...EventMessage}}...on MessageDeleted{hard message{...EventMessage}}...on ReactionAdded{message{...EventMessage}reaction{...ReactionFields}}...on ReactionRemoved{message{...EventMessage}reaction{...ReactionFields}}...on MembersAdded{memberCount members{...MemberFields}}...on MembersRemoved{memberCount userIds}...on ChannelUpdated{channel{...ChannelFields}}...on ReadAdvanced{userId readSeq}...on TypingChanged{user{...UserFields}parentId typing}...on UserUpdated{user{...UserFields}}...on ChannelSynced{seq epoch reads{__typename channelId at userId readSeq}}...on ChannelReset{seq epoch}}}${userFields}${eventMessage}${messageFields}${reactionFields}${memberFields}${channelFields}` as TypedDocument<
    ChannelEventsSubscription,
    ChannelEventsSubscriptionVariables
  >;
export const inboxSubscription =
  `subscription Inbox($after:String){inbox(after:$after){__typename at cursor ...on ChannelBumped{channelId seq unreadCount unreadMentions lastMessage{...EventMessage}}...on ChannelJoined{channel{...ChannelFields}}...on ChannelLeft{channelId reason}...on UnreadChanged{totalUnread unreadChannels}...on InboxUserUpdated{user{...UserFields}}...on InboxSynced{epoch}}}${eventMessage}${messageFields}${userFields}${channelFields}` as TypedDocument<
    InboxSubscription,
    InboxSubscriptionVariables
  >;
export const unreadQuery = `query Unread{unread{totalUnread unreadChannels}}` as TypedDocument<
  UnreadQuery,
  UnreadQueryVariables
>;
export const messagesQuery =
  `query Messages($id:ID!$first:Int$after:String$last:Int$before:String$around:ID$aroundSeq:Seq){channel(id:$id){messages(first:$first after:$after last:$last before:$before around:$around aroundSeq:$aroundSeq){...PageOfMessages}}}${pageOfMessages}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    MessagesQuery,
    MessagesQueryVariables
  >;
export const sendMessageMutation =
  `mutation sendMessage($input:SendMessageInput!){sendMessage(input:$input){...ViewerMessage}}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    SendMessageMutation,
    SendMessageMutationVariables
  >;
export const updateMessageMutation =
  `mutation updateMessage($input:UpdateMessageInput!){updateMessage(input:$input){...ViewerMessage}}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    UpdateMessageMutation,
    UpdateMessageMutationVariables
  >;
export const deleteMessageMutation =
  `mutation deleteMessage($input:DeleteMessageInput!){deleteMessage(input:$input){...ViewerMessage}}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    DeleteMessageMutation,
    DeleteMessageMutationVariables
  >;
export const addReactionMutation =
  `mutation addReaction($input:AddReactionInput!){addReaction(input:$input){...ViewerMessage}}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    AddReactionMutation,
    AddReactionMutationVariables
  >;
export const removeReactionMutation =
  `mutation removeReaction($input:RemoveReactionInput!){removeReaction(input:$input){...ViewerMessage}}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    RemoveReactionMutation,
    RemoveReactionMutationVariables
  >;
export const presenceSubscription =
  `subscription Presence($userIds:[ID!]!){presenceChanges(userIds:$userIds){__typename userId online lastActiveAt}}` as TypedDocument<
    PresenceSubscription,
    PresenceSubscriptionVariables
  >;
export const meQuery = `query Me{me{...UserFields}}${userFields}` as TypedDocument<MeQuery, MeQueryVariables>;
export const usersQuery =
  `query Users($filter:UserFilter$sort:[UserSort!]$first:Int$after:String){users(filter:$filter sort:$sort first:$first after:$after){nodes{...UserFields}pageInfo{hasNextPage endCursor}}}${userFields}` as TypedDocument<
    UsersQuery,
    UsersQueryVariables
  >;
export const updateMeMutation =
  `mutation updateMe($input:UpdateMeInput!){updateMe(input:$input){...UserFields}}${userFields}` as TypedDocument<
    UpdateMeMutation,
    UpdateMeMutationVariables
  >;
