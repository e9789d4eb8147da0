import { ParleyError, type User } from '@parley/contracts';
import type {
  ChannelList,
  ChannelListState,
  ChannelSummary,
  Client,
  ConnectionState,
  CreateChannelInput,
  InboxState,
  PresenceState,
} from '@parley/sdk-js';
import { createValue, type Value } from '../src/lib/value.ts';
import type { FakeChannel } from './fake-channel.ts';

export interface FakeClient extends Client {
  readonly connection: Value<ConnectionState>;
  readonly list: Value<ChannelListState>;
  readonly connects: () => number;
  readonly disconnects: () => number;
  readonly created: CreateChannelInput[];
  readonly listWatchers: () => number;
  setOnline(userId: string, online: boolean, lastActiveAt?: string | null): void;
}

export interface FakeClientOptions {
  readonly me: User;
  readonly channels?: readonly FakeChannel[];
  readonly summaries?: readonly ChannelSummary[];
  readonly users?: readonly User[];
}

/** What a list would show of a channel. */
export function summaryOf(
  channel: FakeChannel,
  data: ChannelSummary['data'],
  parts: Partial<ChannelSummary> = {},
): ChannelSummary {
  return {
    id: channel.id,
    data,
    lastMessage: null,
    unreadCount: 0,
    unreadMentions: 0,
    readSeq: 0,
    membership: null,
    members: [],
    capabilities: [],
    ...parts,
  };
}

/** A client in memory: no server, no socket. */
export function createFakeClient({ me, channels = [], summaries = [], users = [] }: FakeClientOptions): FakeClient {
  const connection = createValue<ConnectionState>({ name: 'connected', sessionId: 'fake' });
  const list = createValue<ChannelListState>({ status: 'idle', items: [], hasMore: false, error: null });
  const inbox = createValue<InboxState>({ status: 'ready', totalUnread: 0, unreadChannels: 0 });
  const presence = new Map<string, Value<PresenceState | null>>();
  const created: CreateChannelInput[] = [];
  let connects = 0;
  let disconnects = 0;
  let listWatchers = 0;

  const presenceOf = (userId: string) => {
    const known = presence.get(userId) ?? createValue<PresenceState | null>(null);
    presence.set(userId, known);
    return known;
  };
  const channel = (id: string): FakeChannel => {
    const found = channels.find((each) => each.id === id);
    if (found === undefined) throw new ParleyError('not_found', `unable to open ${id}; there is no such channel`);
    return found;
  };
  const channelList: ChannelList = {
    ...list,
    watch() {
      listWatchers += 1;
      if (list.get().status === 'idle') list.set({ status: 'ready', items: summaries, hasMore: false, error: null });
      let watched = true;
      return () => {
        if (watched) listWatchers -= 1;
        watched = false;
      };
    },
    loadMore: async () => undefined,
    refresh: async () => list.set({ status: 'ready', items: summaries, hasMore: false, error: null }),
  };

  return {
    connection,
    list,
    created,
    me: createValue<User | null>(me),
    userId: me.id,
    connects: () => connects,
    disconnects: () => disconnects,
    listWatchers: () => listWatchers,
    setOnline: (userId, online, lastActiveAt = null) => presenceOf(userId).set({ online, lastActiveAt }),
    async connect() {
      connects += 1;
      connection.set({ name: 'connected', sessionId: 'fake' });
    },
    disconnect() {
      disconnects += 1;
    },
    execute: () => Promise.reject(new ParleyError('unavailable', 'unable to execute; this client has no server')),
    subscribe: () => () => undefined,
    channel,
    async createChannel(input) {
      created.push(input);
      const others = (input.memberIds ?? []).filter((id) => id !== me.id);
      return channel(`messaging:${others.join('-')}`);
    },
    channels: () => channelList,
    inbox: { ...inbox, watch: () => () => undefined, on: () => () => undefined },
    presence: { of: presenceOf, watch: () => () => undefined },
    updateMe: async () => me,
    users: async ({ filter } = {}) => {
      const wanted = filter?.or?.map(({ name }) => name?.contains ?? '') ?? [''];
      const items = users.filter(({ name }) => wanted.some((part) => name?.includes(part)));
      return { items, hasMore: false, cursor: null };
    },
  };
}
