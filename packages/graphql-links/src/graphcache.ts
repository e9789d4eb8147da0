import type { Cache, KeyingConfig, UpdatesConfig } from '@urql/exchange-graphcache';
import { type CacheEvent, selected } from './cache-event.ts';
import { addMessage, forget, keyIn, keyOf, removeNode, write } from './graphcache-store.ts';
import { possibleTypes } from './possible-types.ts';

export { possibleTypes } from './possible-types.ts';

const idOrPart: KeyingConfig[string] = ({ id }) => (typeof id === 'string' ? id : null);

/** `keys` for graphcache: what has no id is kept as a part of what holds it. */
export const keys: KeyingConfig = Object.fromEntries(
  [
    ...Object.values(possibleTypes).flat(),
    'AppSettings',
    'ChannelType',
    'ChannelViewer',
    'Member',
    'PresenceChanged',
    'Reaction',
    'ReactionGroup',
    'ReadState',
    'UnreadSummary',
  ].map((type) => [type, idOrPart]),
);

function take(parent: Readonly<Record<string, unknown>>, cache: Cache): void {
  // A subscription has one field, under whatever alias.
  const event = Object.values(parent).find((value) => typeof value === 'object' && value !== null);
  if (event) applyEvent(cache, event);
}

/**
 * `updates` for graphcache, which join the events of subscriptions into the cached lists and numbers: new messages and replies, deleted ones, unread numbers,
 * channels that are gone. Objects with an id are in the cache already, from the subscription itself. Lists of members are asked for again when they change, and all
 * lists of a channel after ChannelReset. A document that does not select a field which this needs is a TypeError.
 */
export const updates: UpdatesConfig = {
  Subscription: {
    channelEvents: (parent, _args, cache) => take(parent, cache),
    inbox: (parent, _args, cache) => take(parent, cache),
  },
};

function applyEvent(cache: Cache, event: CacheEvent): void {
  const { __typename: type, channelId, message, memberCount } = event;
  const { unreadCount, unreadMentions, totalUnread, unreadChannels } = event;
  const id = () => selected(channelId, event, 'channelId');
  const channel = () => keyOf(cache, 'Channel', id());

  switch (type) {
    case 'MessageCreated':
    case 'MessageDeleted': {
      const messageId = selected(message?.id, event, 'message.id');
      const parentId = selected(message?.parentId, event, 'message.parentId');
      const entity = parentId === null ? channel() : keyOf(cache, 'Message', parentId);
      const name = parentId === null ? 'messages' : 'replies';
      if (type === 'MessageCreated') addMessage(cache, entity, name, messageId);
      else if (event.hard) removeNode(cache, entity, name, keyOf(cache, 'Message', messageId));
      break;
    }
    case 'MembersAdded':
    case 'MembersRemoved':
      if (memberCount !== undefined) write(cache, 'Channel', { id: id(), memberCount });
      forget(cache, channel(), ['members']);
      break;
    case 'ChannelBumped': {
      const viewer = keyIn(cache, channel(), 'viewer');
      if (viewer === null) break;
      const numbers = { unreadCount, unreadMentions, id: cache.resolve(viewer, 'id') };
      write(cache, 'Channel', { id: id(), viewer: { __typename: 'ChannelViewer', ...known(numbers) } });
      break;
    }
    case 'UnreadChanged':
      write(cache, 'Query', { unread: { __typename: 'UnreadSummary', ...known({ totalUnread, unreadChannels }) } });
      break;
    case 'ChannelLeft':
    case 'ChannelDeleted':
      removeNode(cache, 'Query', 'channels', channel());
      if (type === 'ChannelDeleted') cache.invalidate(channel());
      break;
    case 'ChannelReset':
      forget(cache, channel(), ['messages', 'members', 'viewer']);
      break;
    default:
    // The others bring objects with an id, or nothing that is in a list.
  }
}

const known = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
