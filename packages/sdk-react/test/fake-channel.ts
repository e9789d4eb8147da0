import {
  type Capability,
  type Channel as ChannelData,
  type ChannelEvent,
  capabilities,
  type Member,
  ParleyError,
  type User,
} from '@parley/contracts';
import type { Channel, ChannelState, MessagesState, MessageView, SendInput, UnreadState } from '@parley/sdk-js';
import { createValue, type Value } from '../src/lib/value.ts';
import { message as build, member, view } from './builders.ts';

export interface FakeChannelOptions {
  readonly data: ChannelData;
  readonly members: readonly Member[];
  readonly me: User;
  readonly messages?: readonly MessageView[];
  /** Older pages, the newest first. */
  readonly olderPages?: readonly (readonly MessageView[])[];
  readonly unread?: UnreadState;
  readonly reads?: ReadonlyMap<string, number>;
  readonly capabilities?: readonly Capability[];
  readonly loads?: boolean;
}

/** A channel in memory. Its stores can be set; its commands do at once what the server would, unless told to refuse. */
export interface FakeChannel extends Channel {
  readonly state: Value<ChannelState>;
  readonly messages: Value<MessagesState> & { loadOlder(): Promise<void> };
  readonly members: Value<readonly Member[]>;
  readonly reads: Value<ReadonlyMap<string, number>>;
  readonly typing: Value<readonly User[]>;
  readonly unread: Value<UnreadState>;
  readonly watchers: () => number;
  /** Names of the commands called, with their first argument. */
  readonly calls: [name: string, ...args: unknown[]][];
  /** Makes the next sends fail; null: succeed again. */
  refuseWith(error: ParleyError | null): void;
  receive(from: User, text: string, parts?: Partial<MessageView>): MessageView;
  /** Tells those who listen to events, and changes nothing. */
  tell(event: ChannelEvent): void;
}

export function createFakeChannel(options: FakeChannelOptions): FakeChannel {
  const { data, me } = options;
  const older = [...(options.olderPages ?? [])];
  const calls: FakeChannel['calls'] = [];
  const listeners = new Set<(event: ChannelEvent) => void>();
  let watching = 0;
  let refusal: ParleyError | null = null;
  let seq = data.seq;
  let sent = 0;

  const loaded: ChannelState = {
    status: 'live',
    data,
    membership: member(me),
    capabilities: options.capabilities ?? capabilities.filter((each) => !each.includes('-any-')),
    error: null,
  };
  const state = createValue<ChannelState>({
    status: 'idle',
    data: null,
    membership: null,
    capabilities: [],
    error: null,
  });
  const page = createValue<MessagesState>({ items: [], hasOlder: false, loadingOlder: false });
  const members = createValue<readonly Member[]>([]);
  const reads = createValue<ReadonlyMap<string, number>>(new Map());
  const typing = createValue<readonly User[]>([]);
  const unread = createValue<UnreadState>({ count: 0, mentions: 0, readSeq: 0 });

  const load = () => {
    members.set(options.members);
    reads.set(options.reads ?? new Map());
    unread.set(options.unread ?? { count: 0, mentions: 0, readSeq: seq });
    page.set({ items: options.messages ?? [], hasOlder: older.length > 0, loadingOlder: false });
    state.set(loaded);
  };
  const items = () => page.get().items;
  const setItems = (next: readonly MessageView[]) => page.set({ ...page.get(), items: next });
  const change = (id: string, parts: Partial<MessageView>) =>
    setItems(items().map((item) => (item.id === id ? { ...item, ...parts } : item)));
  const found = (id: string): MessageView => {
    const item = items().find((each) => each.id === id);
    if (item === undefined) throw new ParleyError('not_found', `unable to find message ${id}; it is not loaded`);
    return item;
  };
  const refused = () => (refusal === null ? null : Promise.reject(refusal));
  const called = (name: string, ...args: unknown[]) => void calls.push([name, ...args]);

  const deliver = async (id: string) => {
    if (refusal !== null) {
      change(id, { status: 'failed', error: refusal });
      throw refusal;
    }
    await Promise.resolve();
    seq += 1;
    change(id, { status: 'sent', error: null, seq });
    return found(id);
  };

  return {
    id: data.id,
    type: data.type,
    key: data.key,
    state,
    messages: {
      ...page,
      async loadOlder() {
        const next = older.shift();
        if (next === undefined) return;
        page.set({ ...page.get(), loadingOlder: true });
        await Promise.resolve();
        page.set({ items: [...next, ...items()], hasOlder: older.length > 0, loadingOlder: false });
      },
    },
    members,
    reads,
    typing,
    unread,
    calls,
    tell(event) {
      for (const listener of listeners) listener(event);
    },
    watchers: () => watching,
    refuseWith: (error) => {
      refusal = error;
    },
    receive(from, text, parts = {}) {
      seq += 1;
      const item = view(
        build(`received ${seq}`, from, text, { channelId: data.id, seq, createdAt: new Date().toISOString() }),
        parts,
      );
      setItems([...items(), item]);
      if (from.id !== me.id) unread.set({ ...unread.get(), count: unread.get().count + 1 });
      return item;
    },
    watch() {
      watching += 1;
      if (watching === 1 && options.loads !== false) load();
      let watched = true;
      return () => {
        if (watched) watching -= 1;
        watched = false;
      };
    },
    ready: async () => undefined,
    send(input: string | SendInput) {
      called('send', input);
      const given = typeof input === 'string' ? { text: input } : input;
      sent += 1;
      const quoted = items().find(({ id }) => id === given.quotedId) ?? null;
      const draft = build(`sent ${sent}`, me, given.text ?? '', {
        channelId: data.id,
        seq: 0,
        createdAt: new Date().toISOString(),
        quoted,
      });
      setItems([...items(), view(draft, { status: 'sending' })]);
      return deliver(draft.id);
    },
    retry(id) {
      called('retry', id);
      change(id, { status: 'sending', error: null });
      return deliver(id);
    },
    discard(id) {
      called('discard', id);
      setItems(items().filter((item) => item.id !== id));
    },
    async edit(id, input) {
      called('edit', id, input);
      await refused();
      change(id, { text: typeof input === 'string' ? input : (input.text ?? ''), editedAt: new Date().toISOString() });
      return found(id);
    },
    async delete(id) {
      called('delete', id);
      await refused();
      change(id, { text: '', deletedAt: new Date().toISOString() });
    },
    async react(id, type) {
      called('react', id, type);
      await refused();
      const { reactionGroups, ownReactions } = found(id);
      const at = new Date().toISOString();
      const group = reactionGroups.find((each) => each.type === type) ?? {
        type,
        count: 0,
        sumScores: 0,
        firstAt: at,
        lastAt: at,
      };
      change(id, {
        reactionGroups: [...reactionGroups.filter((each) => each.type !== type), { ...group, count: group.count + 1 }],
        ownReactions: [...(ownReactions ?? []), { type, user: me, score: 1, createdAt: at }],
      });
      return found(id);
    },
    async unreact(id, type) {
      called('unreact', id, type);
      await refused();
      const { reactionGroups, ownReactions } = found(id);
      change(id, {
        reactionGroups: reactionGroups
          .map((each) => (each.type === type ? { ...each, count: each.count - 1 } : each))
          .filter(({ count }) => count > 0),
        ownReactions: (ownReactions ?? []).filter((each) => each.type !== type),
      });
      return found(id);
    },
    async markRead() {
      called('markRead');
      unread.set({ count: 0, mentions: 0, readSeq: seq });
    },
    keystroke: () => called('keystroke'),
    stopTyping: () => called('stopTyping'),
    update: async () => undefined,
    addMembers: async () => undefined,
    removeMembers: async () => undefined,
    remove: async () => undefined,
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
