'use client';

// What an app needs of the client beside the components, so that it installs and imports one package.
export {
  type Attachment,
  type Capability,
  type Channel,
  type ChannelData,
  type ChannelFilter,
  type ChannelQuery,
  type ChannelSort,
  type ChannelState,
  type ChannelSummary,
  type Client,
  type ClientOptions,
  type ConnectionState,
  createClient,
  type EditInput,
  type ErrorCode,
  type InboxState,
  type JsonObject,
  type JsonValue,
  type Member,
  type Message as MessageData,
  type MessagesState,
  type MessageView,
  ParleyError,
  type PresenceState,
  type Reaction,
  type ReactionGroup,
  type SendInput,
  type Store,
  type UnreadState,
  type User,
} from '@parley/sdk-js';
export { type UseChannelResult, useChannel } from './hooks/use-channel.ts';
export { type UseChannelListResult, useChannelList } from './hooks/use-channel-list.ts';
export { useClient } from './hooks/use-client.ts';
export { type UseComposerResult, useComposer } from './hooks/use-composer.ts';
export { useConnection } from './hooks/use-connection.ts';
export { useInbox } from './hooks/use-inbox.ts';
export { useMe } from './hooks/use-me.ts';
export { useMembers } from './hooks/use-members.ts';
export { type UseMessagesResult, useMessages } from './hooks/use-messages.ts';
export { usePresence } from './hooks/use-presence.ts';
export { useReads } from './hooks/use-reads.ts';
export { useTyping } from './hooks/use-typing.ts';
export { type UseUnreadResult, useUnread } from './hooks/use-unread.ts';
export { Avatar, type AvatarProps } from './parts/avatar.tsx';
export { ChannelHeader, type ChannelHeaderProps } from './parts/channel-header.tsx';
export { ChannelList, type ChannelListProps } from './parts/channel-list.tsx';
export { ChannelListItem, type ChannelListItemProps } from './parts/channel-list-item.tsx';
export { Composer, type ComposerProps } from './parts/composer.tsx';
export { ConnectionBanner } from './parts/connection-banner.tsx';
export { Message, type MessageProps } from './parts/message.tsx';
export { MessageList, type MessageListProps } from './parts/message-list.tsx';
export { NewConversation, type NewConversationProps } from './parts/new-conversation.tsx';
export { PresenceDot, type PresenceDotProps } from './parts/presence-dot.tsx';
export { defaultReactions } from './parts/reaction-glyph.tsx';
export { Reactions, type ReactionsProps } from './parts/reactions.tsx';
export { ReadReceipts, type ReadReceiptsProps, ReceiptTicks, type ReceiptTicksProps } from './parts/read-receipts.tsx';
export { TypingIndicator } from './parts/typing-indicator.tsx';
export { UnreadBadge, type UnreadBadgeProps } from './parts/unread-badge.tsx';
export { Messenger, type MessengerOptions, type MessengerProps, type NoConnection } from './prefabs/messenger.tsx';
export { ChannelProvider, type ChannelProviderProps } from './provider/channel-provider.tsx';
export {
  type ParleyConnection,
  ParleyProvider,
  type ParleyProviderProps,
  type Presentation,
} from './provider/parley-provider.tsx';
export type { FaultPlace, OnError } from './provider/report.tsx';
export { english, type Strings } from './strings.ts';
export type { Receipt } from './timeline/receipts.ts';
