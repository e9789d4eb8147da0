export type { AttachmentDraft } from './attachments.ts';
export { attachmentDrafts } from './attachments.ts';
export {
  appBusMessage,
  changesBusMessage,
  channelBusMessage,
  heartbeatBusMessage,
  presenceBusMessage,
  userBusMessage,
} from './bus-messages.ts';
export { channelEvent, ephemeralEvent, loggedEvent, publishedEvent, readAdvanced } from './channel-events.ts';
export { idFilter, parseChannelFilter, parseChannelSort, parseFilter, stringFilter } from './channel-filter.ts';
export { channelId, channelKey, channelType, mentionedUserIds, messageId, userId } from './ids.ts';
export { inboxEvent, presenceChanged } from './inbox-events.ts';
export { customData } from './json.ts';
export { attachment, channel, dateTime, member, message, reaction, reactionGroup, seq, user } from './objects.ts';
export { parseWith } from './parse-with.ts';
export type { ProfileChange } from './profile.ts';
export { customOrEmpty, orNull, profileChange } from './profile.ts';
export { graphqlRequest, principal, rpcRequests } from './rpc-requests.ts';
export { sortBy } from './sort.ts';
export { messageText, name, reactionType, role, searchText, webUrl } from './text.ts';
