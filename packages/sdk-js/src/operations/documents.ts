// Made of the .graphql files of this package by scripts/lib/typed-documents.mjs; do not edit.
import type { JsonObject } from '@parley/contracts';
import type { TypedDocument } from './typed-document.ts';

type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type AddMembersInput = {
  readonly channelId: string;
  readonly members: ReadonlyArray<MemberInput>;
};

export type AddReactionInput = {
  /** Removes the viewer's other reactions to this message. */
  readonly exclusive?: boolean | null | undefined;
  readonly messageId: string;
  /** 1 to 1000; default 1. */
  readonly score?: number | null | undefined;
  readonly type: string;
};

export type AttachmentInput = {
  readonly custom?: JsonObject | null | undefined;
  readonly durationMs?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly mimeType?: string | null | undefined;
  readonly size?: number | null | undefined;
  readonly thumbnailUrl?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly type: string;
  readonly url?: string | null | undefined;
  readonly width?: number | null | undefined;
};

/** One filter language for SQL and for the SDK's live lists; the same predicate on both sides. */
export type ChannelFilter = {
  readonly and?: ReadonlyArray<ChannelFilter> | null | undefined;
  readonly createdById?: IdFilter | null | undefined;
  readonly custom?: ReadonlyArray<CustomFilter> | null | undefined;
  readonly hasUnread?: boolean | null | undefined;
  readonly id?: IdFilter | null | undefined;
  readonly lastMessageAt?: DateTimeFilter | null | undefined;
  readonly memberCount?: IntFilter | null | undefined;
  readonly members?: IdSetFilter | null | undefined;
  readonly not?: ChannelFilter | null | undefined;
  readonly or?: ReadonlyArray<ChannelFilter> | null | undefined;
  readonly type?: StringFilter | null | undefined;
};

export type ChannelSort = {
  readonly direction: SortDirection;
  readonly field: ChannelSortField;
};

export type ChannelSortField = 'CREATED_AT' | 'LAST_MESSAGE_AT' | 'MEMBER_COUNT' | 'UNREAD_COUNT' | 'UPDATED_AT';

export type CreateChannelInput = {
  readonly custom?: JsonObject | null | undefined;
  readonly image?: string | null | undefined;
  /** With a server token, the key of the channel. With a user token, the key of a channel that the viewer may read; otherwise the key stands for a channel in a key space of the viewer: the same channel each time, and never that of another user. */
  readonly key?: string | null | undefined;
  /** The viewer is always one of them, as the owner, or as a member of a direct conversation of several. A user names users whom it may look up. */
  readonly memberIds?: ReadonlyArray<string> | null | undefined;
  readonly name?: string | null | undefined;
  readonly type: string;
};

/** One field of the custom data, by path (`a.b`). */
export type CustomFilter = {
  readonly boolean?: boolean | null | undefined;
  readonly exists?: boolean | null | undefined;
  readonly number?: FloatFilter | null | undefined;
  readonly path: string;
  readonly string?: StringFilter | null | undefined;
};

export type DateTimeFilter = {
  readonly gt?: string | null | undefined;
  readonly gte?: string | null | undefined;
  readonly lt?: string | null | undefined;
  readonly lte?: string | null | undefined;
};

export type DeleteChannelInput = {
  readonly channelId: string;
};

export type DeleteMessageInput = {
  /** Removes the content everywhere, including the log. */
  readonly hard?: boolean | null | undefined;
  readonly messageId: string;
};

export type FloatFilter = {
  readonly eq?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
};

export type IdFilter = {
  readonly eq?: string | null | undefined;
  readonly in?: ReadonlyArray<string> | null | undefined;
};

export type IdSetFilter = {
  /** All of these. */
  readonly contains?: ReadonlyArray<string> | null | undefined;
  readonly containsAny?: ReadonlyArray<string> | null | undefined;
  /** These and no other. */
  readonly equals?: ReadonlyArray<string> | null | undefined;
};

export type IntFilter = {
  readonly eq?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
};

export type MarkReadInput = {
  readonly channelId: string;
  /** Default: the head. */
  readonly seq?: number | null | undefined;
};

export type MemberInput = {
  readonly custom?: JsonObject | null | undefined;
  /** `owner`, `moderator` or `member` (default). Only an owner may give another role than `member`. */
  readonly role?: string | null | undefined;
  readonly userId: string;
};

export type MessageKind = 'EPHEMERAL' | 'REGULAR' | 'SYSTEM';

export type RemoveMembersInput = {
  readonly channelId: string;
  readonly userIds: ReadonlyArray<string>;
};

export type RemoveReactionInput = {
  readonly messageId: string;
  readonly type: string;
};

export type SendMessageInput = {
  readonly attachments?: ReadonlyArray<AttachmentInput> | null | undefined;
  readonly channelId: string;
  readonly custom?: JsonObject | null | undefined;
  /** A UUID that makes a retry safe: the same id is stored once. Without it a retry may send twice. */
  readonly id?: string | null | undefined;
  readonly mentionedUserIds?: ReadonlyArray<string> | null | undefined;
  readonly parentId?: string | null | undefined;
  readonly quotedId?: string | null | undefined;
  readonly text?: string | null | undefined;
};

export type SetTypingInput = {
  readonly channelId: string;
  readonly parentId?: string | null | undefined;
  readonly typing: boolean;
};

export type SortDirection = 'ASC' | 'DESC';

export type StringFilter = {
  readonly contains?: string | null | undefined;
  readonly eq?: string | null | undefined;
  readonly in?: ReadonlyArray<string> | null | undefined;
  readonly startsWith?: string | null | undefined;
};

export type UpdateChannelInput = {
  readonly channelId: string;
  readonly custom?: JsonObject | null | undefined;
  readonly image?: string | null | undefined;
  readonly name?: string | null | undefined;
};

export type UpdateMeInput = {
  readonly custom?: JsonObject | null | undefined;
  readonly image?: string | null | undefined;
  readonly name?: string | null | undefined;
};

export type UpdateMessageInput = {
  readonly attachments?: ReadonlyArray<AttachmentInput> | null | undefined;
  readonly custom?: JsonObject | null | undefined;
  readonly mentionedUserIds?: ReadonlyArray<string> | null | undefined;
  readonly messageId: string;
  readonly text?: string | null | undefined;
};

export type UserFilter = {
  readonly and?: ReadonlyArray<UserFilter> | null | undefined;
  readonly id?: IdFilter | null | undefined;
  readonly name?: StringFilter | null | undefined;
  readonly online?: boolean | null | undefined;
  readonly or?: ReadonlyArray<UserFilter> | null | undefined;
  readonly role?: StringFilter | null | undefined;
};

export type UserSort = {
  readonly direction: SortDirection;
  readonly field: UserSortField;
};

export type UserSortField = 'CREATED_AT' | 'ID' | 'LAST_ACTIVE_AT' | 'NAME';

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
        readonly messages: {
          readonly nodes: ReadonlyArray<ViewerMessageFragment>;
          readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
        };
      } & ChannelFieldsFragment)
    | null;
};

export type ChannelViewerQueryVariables = Exact<{
  id: string;
}>;

export type ChannelViewerQuery = { readonly channel: { readonly viewer: ViewerFieldsFragment | null } | null };

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
        readonly reason: string;
        readonly at: string;
        readonly cursor: string;
      }
    | { readonly __typename: 'InboxSynced'; readonly epoch: string; readonly at: string; readonly cursor: string }
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

export type OlderMessagesQueryVariables = Exact<{
  id: string;
  last?: number | null | undefined;
  before?: string | null | undefined;
  around?: string | null | undefined;
}>;

export type OlderMessagesQuery = {
  readonly channel: {
    readonly messages: {
      readonly nodes: ReadonlyArray<ViewerMessageFragment>;
      readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
    };
  } | null;
};

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
const userFields =
  'fragment UserFields on User{id name image role custom online lastActiveAt createdAt updatedAt deletedAt}';
export const channelsQuery =
  `query Channels($filter:ChannelFilter$sort:[ChannelSort!]$first:Int!$after:String$members:Int!){channels(filter:$filter sort:$sort first:$first after:$after){nodes{...ChannelFields viewer{...ViewerFields}members(first:$members){nodes{...MemberFields}}messages(last:1){nodes{...EventMessage}}}pageInfo{hasNextPage endCursor}}}${channelFields}${userFields}${viewerFields}${memberFields}${eventMessage}${messageFields}` as TypedDocument<
    ChannelsQuery,
    ChannelsQueryVariables
  >;
export const channelQuery =
  `query Channel($id:ID!$messages:Int!$members:Int!){channel(id:$id){...ChannelFields epoch viewer{...ViewerFields}members(first:$members){nodes{...MemberFields}}messages(last:$messages){nodes{...ViewerMessage}pageInfo{hasPreviousPage startCursor}}}}${channelFields}${userFields}${viewerFields}${memberFields}${viewerMessage}${eventMessage}${messageFields}${reactionFields}` as TypedDocument<
    ChannelQuery,
    ChannelQueryVariables
  >;
export const channelViewerQuery =
  `query ChannelViewer($id:ID!){channel(id:$id){viewer{...ViewerFields}}}${viewerFields}${memberFields}${userFields}` as TypedDocument<
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
  `subscription ChannelEvents($channelId:ID!$after:Seq$epoch:String){channelEvents(channelId:$channelId after:$after epoch:$epoch){__typename channelId at ...on LoggedEvent{seq actor{...UserFields}}...on MessageCreated{message{...EventMessage}}...on MessageUpdated{message{...EventMessage}}...on MessageDeleted{hard message{...EventMessage}}...on ReactionAdded{message{...EventMessage}reaction{...ReactionFields}}...on ReactionRemoved{message{...EventMessage}reaction{...ReactionFields}}...on MembersAdded{memberCount members{...MemberFields}}...on MembersRemoved{memberCount userIds}...on ChannelUpdated{channel{...ChannelFields}}...on ReadAdvanced{userId readSeq}...on TypingChanged{user{...UserFields}parentId typing}...on ChannelSynced{seq epoch reads{__typename channelId at userId readSeq}}...on ChannelReset{seq epoch}}}${userFields}${eventMessage}${messageFields}${reactionFields}${memberFields}${channelFields}` as TypedDocument<
    ChannelEventsSubscription,
    ChannelEventsSubscriptionVariables
  >;
export const inboxSubscription =
  `subscription Inbox($after:String){inbox(after:$after){__typename at cursor ...on ChannelBumped{channelId seq unreadCount unreadMentions lastMessage{...EventMessage}}...on ChannelJoined{channel{...ChannelFields}}...on ChannelLeft{channelId reason}...on UnreadChanged{totalUnread unreadChannels}...on InboxSynced{epoch}}}${eventMessage}${messageFields}${userFields}${channelFields}` as TypedDocument<
    InboxSubscription,
    InboxSubscriptionVariables
  >;
export const unreadQuery = `query Unread{unread{totalUnread unreadChannels}}` as TypedDocument<
  UnreadQuery,
  UnreadQueryVariables
>;
export const olderMessagesQuery =
  `query OlderMessages($id:ID!$last:Int$before:String$around:ID){channel(id:$id){messages(last:$last before:$before around:$around){nodes{...ViewerMessage}pageInfo{hasPreviousPage startCursor}}}}${viewerMessage}${eventMessage}${messageFields}${userFields}${reactionFields}` as TypedDocument<
    OlderMessagesQuery,
    OlderMessagesQueryVariables
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
