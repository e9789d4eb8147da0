import type {
  ChannelBumped,
  ChannelJoined,
  ChannelLeft,
  InboxSynced,
  InboxUserUpdated,
  UnreadChanged,
} from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { refuseOverHttp } from '../../graphql/subscriptions.ts';
import { ChannelRef } from '../channels/refs.ts';
import { MessageRef } from '../messages/refs.ts';
import { UserRef } from '../users/refs.ts';
import { InboxEventRef, UnreadSummaryRef } from './refs.ts';

UnreadSummaryRef.implement({
  fields: (t) => ({
    totalUnread: t.exposeInt('totalUnread'),
    unreadChannels: t.exposeInt('unreadChannels'),
    unreadMentions: t.exposeInt('unreadMentions'),
  }),
});

const LeaveReasonEnum = builder.enumType('LeaveReason', {
  description: 'Why the viewer is no longer in a channel.',
  values: {
    removed: { description: 'Somebody else removed the viewer.' },
    left: { description: 'The viewer left.' },
    deleted: { description: 'The channel was deleted.' },
  } as const,
});

InboxEventRef.implement({
  resolveType: (event) => event.__typename,
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime' }),
    cursor: t.exposeString('cursor', { description: 'Pass the newest one as `after` on the next connection.' }),
  }),
});
builder.objectRef<ChannelBumped>('ChannelBumped').implement({
  description: 'Absolute numbers and the head of a channel the viewer belongs to.',
  interfaces: [InboxEventRef],
  fields: (t) => ({
    channelId: t.exposeID('channelId'),
    seq: t.expose('seq', { type: 'Seq' }),
    unreadCount: t.exposeInt('unreadCount'),
    unreadMentions: t.exposeInt('unreadMentions'),
    lastMessage: t.expose('lastMessage', { type: MessageRef, nullable: true }),
  }),
});
builder.objectRef<ChannelJoined>('ChannelJoined').implement({
  interfaces: [InboxEventRef],
  fields: (t) => ({ channel: t.expose('channel', { type: ChannelRef }) }),
});
builder.objectRef<ChannelLeft>('ChannelLeft').implement({
  interfaces: [InboxEventRef],
  fields: (t) => ({
    channelId: t.exposeID('channelId'),
    reason: t.expose('reason', { type: LeaveReasonEnum }),
  }),
});
builder.objectRef<UnreadChanged>('UnreadChanged').implement({
  interfaces: [InboxEventRef],
  fields: (t) => ({ totalUnread: t.exposeInt('totalUnread'), unreadChannels: t.exposeInt('unreadChannels') }),
});
builder.objectRef<InboxUserUpdated>('InboxUserUpdated').implement({
  description:
    'The profile of somebody changed who shares a channel of up to 5,000 members with the viewer, or of the viewer. The newest by `user.updatedAt` wins.',
  interfaces: [InboxEventRef],
  fields: (t) => ({ user: t.expose('user', { type: UserRef, description: 'The user as it is now.' }) }),
});
builder.objectRef<InboxSynced>('InboxSynced').implement({
  interfaces: [InboxEventRef],
  fields: (t) => ({
    epoch: t.exposeString('epoch', {
      description:
        'Epoch of the log. A changed epoch means that the database was restored or failed over: channels and messages known to the client may not exist any more, so reload your lists.',
    }),
  }),
});

builder.queryField('unread', (t) =>
  t.field({
    description: 'Total and per-channel unread numbers of the viewer.',
    type: UnreadSummaryRef,
    resolve: (_root, _args, { actor, inbox }) => inbox.summary(actor),
  }),
);
builder.subscriptionField('inbox', (t) =>
  t.field({
    description:
      'Changes that concern the viewer outside the channels being watched. Begins with the absolute state of every channel that changed since `after`, or of all channels when the log was set back since then.',
    type: InboxEventRef,
    args: { after: t.arg.string() },
    subscribe: refuseOverHttp,
    resolve: refuseOverHttp,
  }),
);
