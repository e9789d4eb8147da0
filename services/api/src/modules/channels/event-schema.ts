import type {
  ChannelDeleted,
  ChannelReset,
  ChannelSynced,
  ChannelUpdated,
  ReadAdvanced,
  UserUpdated,
} from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { refuseOverHttp } from '../../graphql/subscriptions.ts';
import { UserRef } from '../users/refs.ts';
import { ChannelEventRef, ChannelRef, LoggedEventRef, logged } from './refs.ts';

ChannelEventRef.implement({
  resolveType: (event) => event.__typename,
  fields: (t) => ({ channelId: t.exposeID('channelId'), at: t.expose('at', { type: 'DateTime' }) }),
});
LoggedEventRef.implement({
  description: 'Fields of every durable event.',
  interfaces: [ChannelEventRef],
  resolveType: (event) => event.__typename,
  fields: (t) => ({
    seq: t.expose('seq', { type: 'Seq' }),
    actor: t.expose('actor', { type: UserRef, nullable: true }),
  }),
});

builder.objectRef<ChannelUpdated>('ChannelUpdated').implement({
  interfaces: logged,
  fields: (t) => ({ channel: t.expose('channel', { type: ChannelRef }) }),
});
builder.objectRef<ChannelDeleted>('ChannelDeleted').implement({ interfaces: logged });

const ReadAdvancedRef = builder.objectRef<ReadAdvanced>('ReadAdvanced').implement({
  description: 'A state, not part of the log: the newest one wins, and applying it twice is harmless.',
  interfaces: [ChannelEventRef],
  fields: (t) => ({ userId: t.exposeID('userId'), readSeq: t.expose('readSeq', { type: 'Seq' }) }),
});
builder.objectRef<UserUpdated>('UserUpdated').implement({
  description:
    'The profile of somebody whom the channel shows changed: its members, of now and before, and who wrote lately. A state, not part of the log: the newest by `user.updatedAt` wins. It is sent again to those who come back.',
  interfaces: [ChannelEventRef],
  fields: (t) => ({ user: t.expose('user', { type: UserRef, description: 'The user as it is now.' }) }),
});
builder.objectRef<ChannelSynced>('ChannelSynced').implement({
  description:
    'The subscription is live from here. Read pointers are absolute; they are sent again when some may have been missed.',
  interfaces: [ChannelEventRef],
  fields: (t) => ({
    seq: t.expose('seq', { type: 'Seq' }),
    epoch: t.exposeString('epoch', {
      description: 'Epoch of the log: pass it with `seq` when you come back, as `channelEvents(after, epoch)`.',
    }),
    reads: t.field({
      type: [ReadAdvancedRef],
      description:
        'The read pointers of the members. When many members read at the same time, further ChannelSynced events with the moved pointers replace a ReadAdvanced for each.',
      resolve: ({ reads }) => [...reads],
    }),
  }),
});
builder.objectRef<ChannelReset>('ChannelReset').implement({
  description:
    'The log no longer reaches back to `after`, or is another one since the database was restored or failed over: load a snapshot, which replaces all you know of the channel, then apply what has a higher seq.',
  interfaces: [ChannelEventRef],
  fields: (t) => ({
    seq: t.expose('seq', { type: 'Seq' }),
    epoch: t.exposeString('epoch', { description: 'Epoch of the log from now on.' }),
  }),
});

builder.subscriptionField('channelEvents', (t) =>
  t.field({
    description:
      'Replays what follows `after` (or starts at the head without it), then ChannelSynced, then live. With the `epoch` that `after` is of, a log that was set back in between is answered with ChannelReset.',
    type: ChannelEventRef,
    args: { channelId: t.arg.id({ required: true }), after: t.arg({ type: 'Seq' }), epoch: t.arg.string() },
    subscribe: refuseOverHttp,
    resolve: refuseOverHttp,
  }),
);
