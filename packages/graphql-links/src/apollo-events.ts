import type { ApolloCache } from '@apollo/client';
import type { Modifier } from '@apollo/client/cache';
import { idOf, isList, type Node, type ReadField } from './apollo-policies.ts';
import { type CacheEvent, selected } from './cache-event.ts';
import { type Connection, insert, keep, nodesOf, placeIn } from './connection.ts';

type Change = (list: Connection<Node>, readField: ReadField) => Connection<Node>;

const list =
  (change: Change): Modifier<unknown> =>
  (value, { readField }) =>
    isList(value) ? change(value, readField) : value;

const edgeOf = (type: string, node: Node) => ({ __typename: type, cursor: '', node });

/** Into every list that has its place loaded, unless it is there. */
const add = (edgeType: string, nodes: readonly Node[]) =>
  list((before, readField) => {
    const orderOf = (node: Node) => readField<number>('seq', node) ?? idOf(node, readField);
    return nodes.reduce<Connection<Node>>((all, node) => {
      const loaded = nodesOf(all);
      const id = idOf(node, readField);
      if (loaded.some((one) => idOf(one, readField) === id)) return all;
      const at = placeIn(loaded.map(orderOf), orderOf(node), all.pageInfo);
      // The server alone knows its cursor; pages are asked for by those of pageInfo.
      return at < 0 ? all : insert(all, at, edgeOf(edgeType, node));
    }, before);
  });

const remove = (isGone: (node: Node, readField: ReadField) => boolean) =>
  list((before, readField) => keep(before, (node) => !isGone(node, readField)));

/** Fields of an object that has an id, or is a part of another one. */
const inObject =
  (cache: ApolloCache, fields: Record<string, Modifier<unknown>>): Modifier<unknown> =>
  (value, details) => {
    if (typeof value !== 'object' || value === null) return value;
    if (details.isReference(value)) {
      cache.modify({ id: value.__ref, fields });
      return value;
    }
    const changed = Object.entries(fields).map(([name, change]): [string, unknown] => [
      name,
      change(Reflect.get(value, name), details),
    ]);
    return { ...value, ...Object.fromEntries(changed) };
  };

const to =
  (value: unknown): Modifier<unknown> =>
  (before) =>
    value ?? before;

/**
 * Joins an event into the cached lists and numbers: new messages and replies, deleted ones, members, unread numbers, channels that are gone. Objects with an id
 * are in the cache already, from the subscription itself. After ChannelReset the lists of the channel are dropped, so that active queries load them anew.
 *
 * @throws TypeError when the document does not select a field that this needs
 */
export function applyEvent(cache: ApolloCache, event: CacheEvent): void {
  const { __typename: type = '', channelId, message } = event;
  const identify = (name: string, id: string | undefined, path: string) =>
    cache.identify({ __typename: name, id: selected(id, event, path) }) ?? '';
  const channel = () => identify('Channel', channelId, 'channelId');

  if (type === 'MessageCreated' || type === 'MessageDeleted') {
    const ref = identify('Message', message?.id, 'message.id');
    const parentId = selected(message?.parentId, event, 'message.parentId');
    const id = parentId === null ? channel() : identify('Message', parentId, '');
    const change =
      type === 'MessageCreated'
        ? add('MessageEdge', [{ __ref: ref }])
        : remove((node) => event.hard === true && '__ref' in node && node['__ref'] === ref);
    cache.modify({ id, fields: { [parentId === null ? 'messages' : 'replies']: change } });
    if (event.hard) cache.evict({ id: ref });
  } else if (type === 'MembersAdded' || type === 'MembersRemoved') {
    const gone = new Set(event.userIds);
    const members = (event.members ?? []).map((member) => {
      const user = identify('User', member.user?.id, 'members.user.id');
      const own = cache.identify({ __typename: 'Member', ...member });
      return own === undefined ? { __typename: 'Member', ...member, user: { __ref: user } } : { __ref: own };
    });
    cache.modify({
      id: channel(),
      fields: {
        memberCount: to(event.memberCount),
        members:
          type === 'MembersAdded'
            ? add('MemberEdge', members)
            : remove((node, readField) => gone.has(readField<string>('id', readField<Node>('user', node)) ?? '')),
      },
    });
  } else if (type === 'ChannelBumped') {
    const { unreadCount, unreadMentions } = event;
    const fields = { unreadCount: to(unreadCount), unreadMentions: to(unreadMentions) };
    cache.modify({ id: channel(), fields: { viewer: inObject(cache, fields) } });
  } else if (type === 'UnreadChanged') {
    const { totalUnread, unreadChannels } = event;
    const fields = { totalUnread: to(totalUnread), unreadChannels: to(unreadChannels) };
    cache.modify({ fields: { unread: inObject(cache, fields) } });
  } else if (type === 'ChannelLeft' || type === 'ChannelDeleted') {
    const ref = channel();
    cache.modify({ fields: { channels: remove((node) => '__ref' in node && node['__ref'] === ref) } });
    if (type === 'ChannelDeleted') cache.evict({ id: ref });
  } else if (type === 'ChannelReset') {
    for (const fieldName of ['messages', 'members', 'viewer']) cache.evict({ id: channel(), fieldName });
  }
}
