import { withFragments } from '../operations/fragments.ts';

export const inboxSubscription = withFragments(
  'subscription Inbox($after:String){inbox(after:$after){__typename at cursor' +
    ' ...on ChannelBumped{channelId seq unreadCount unreadMentions lastMessage{...M}}' +
    ' ...on ChannelJoined{channel{...C}} ...on ChannelLeft{channelId reason} ...on UnreadChanged{totalUnread unreadChannels} ...on InboxSynced{epoch}}}',
  'M',
  'C',
);

export const unreadQuery = 'query Unread{unread{totalUnread unreadChannels}}';
