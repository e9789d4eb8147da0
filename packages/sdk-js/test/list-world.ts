import type { Channel, InboxEvent } from '@parley/contracts';
import type { ChannelQuery } from '../src/channel-list/channel-list.ts';
import { at, channelData, FakeChannel, member, message } from './fake-channel.ts';
import type { FakeNetwork, FakeOperation } from './fake-network.ts';
import { createWorld } from './world.ts';

/** A channel as the fake server lists it. */
export interface Row {
  readonly data: Channel;
  readonly unreadCount: number;
  readonly members: readonly string[];
}

export const minute = (number: number) => `2026-01-01T00:${String(number).padStart(2, '0')}:00.000Z`;
export const row = (key: string, lastMinute: number | null, part: Partial<Row> = {}): Row => ({
  data: channelData({
    id: `messaging:${key}`,
    key,
    name: key,
    lastMessageAt: lastMinute === null ? null : minute(lastMinute),
    seq: 10,
  }),
  unreadCount: 0,
  members: ['ada', 'bob'],
  ...part,
});

/** A server with rows of channels; the filter it obeys is `hasUnread` and `id`, which is what the tests ask for. */
export async function listWorld(rows: Row[], query: ChannelQuery = {}) {
  const world = createWorld();
  new FakeChannel(world.network);
  const page = ({ variables }: FakeOperation) => {
    const asked = JSON.stringify(variables['filter'] ?? {});
    const ids: string[] | undefined = /"in":(\[[^\]]*\])/.exec(asked)
      ? JSON.parse(/"in":(\[[^\]]*\])/.exec(asked)?.[1] ?? '[]')
      : undefined;
    const found = rows
      .filter(({ data }) => ids === undefined || ids.includes(data.id))
      .filter(({ unreadCount }) => !asked.includes('"hasUnread":true') || unreadCount > 0)
      .sort((a, b) => (b.data.lastMessageAt ?? '').localeCompare(a.data.lastMessageAt ?? ''));
    const start = Number(variables['after'] ?? 0);
    const end = start + Number(variables['first']);
    const nodes = found.slice(start, end).map(({ data, unreadCount, members }) => ({
      ...data,
      memberCount: Math.max(members.length, data.memberCount),
      viewer: { membership: member('ada'), capabilities: [], readSeq: 0, unreadCount, unreadMentions: 0 },
      members: { nodes: members.map((id) => member(id)) },
      messages: { nodes: [] },
    }));
    return {
      channels: {
        nodes,
        pageInfo: { hasNextPage: found.length > end, endCursor: String(Math.min(end, found.length)) },
      },
    };
  };
  world.network.handlers.set('Channels', page);
  world.network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  let cursors = 0;
  const stamp = () => {
    cursors += 1;
    return { at, cursor: `cursor-${cursors}` };
  };
  world.network.onStream.set('Inbox', (stream) =>
    stream.next({ inbox: { __typename: 'InboxSynced', epoch: 'one', ...stamp() } }),
  );
  type Draft<E extends InboxEvent = InboxEvent> = E extends InboxEvent ? Omit<E, 'at' | 'cursor'> : never;
  const publish = (event: Draft) => {
    for (const stream of world.network.openStreams('Inbox')) stream.next({ inbox: { ...event, ...stamp() } });
  };
  const bump = (key: string, seq: number, lastMinute: number, unreadCount = 1) =>
    publish({
      __typename: 'ChannelBumped',
      channelId: `messaging:${key}`,
      seq,
      unreadCount,
      unreadMentions: 0,
      lastMessage: message(seq, { createdAt: minute(lastMinute), channelId: `messaging:${key}` }),
    });
  const list = world.client.channels(query);
  const unwatch = list.watch();
  await world.settle();
  const keys = () => list.get().items.map(({ data }) => data.key);
  const asked = () => world.network.named('Channels').length;
  return { ...world, list, unwatch, keys, publish, bump, asked, rows };
}

/** The next answer is made when it is asked for, and travels when the test says so. */
export function holdNext({ handlers }: FakeNetwork): () => void {
  const answer = handlers.get('Channels');
  let release = (): void => {};
  handlers.set('Channels', (operation) => {
    const old = answer?.(operation);
    handlers.set('Channels', answer ?? (() => undefined));
    return new Promise((resolve) => {
      release = () => resolve(old);
    });
  });
  return () => release();
}
