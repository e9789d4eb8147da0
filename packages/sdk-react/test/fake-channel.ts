import {
  type Capability,
  type Channel as ChannelData,
  type ChannelEvent,
  capabilities,
  type Member,
  ParleyError,
  type User,
} from '@parley/contracts';
import type {
  Channel,
  ChannelState,
  MessagesState,
  MessagesStore,
  MessageView,
  SendInput,
  UnreadState,
} from '@parley/sdk-js';
import { createValue, type Value } from '../src/lib/value.ts';
import { message as build, member, view } from './builders.ts';
import { createFakeChanges } from './fake-changes.ts';
import { createFakePages } from './fake-pages.ts';
import { withoutReaction, withReaction } from './fake-reactions.ts';

export interface FakeChannelOptions {
  readonly data: ChannelData;
  readonly members: readonly Member[];
  readonly me: User;
  readonly messages?: readonly MessageView[];
  /** Older pages, the newest first. */
  readonly olderPages?: readonly (readonly MessageView[])[];
  /** Pages after the messages, the oldest first. */
  readonly newerPages?: readonly (readonly MessageView[])[];
  readonly unread?: UnreadState;
  readonly reads?: ReadonlyMap<string, number>;
  readonly capabilities?: readonly Capability[];
  readonly loads?: boolean;
}

/** A channel in memory. Its stores can be set; its commands do at once what the server would, unless told to refuse. */
export interface FakeChannel extends Channel {
  readonly state: Value<ChannelState>;
  readonly messages: Value<MessagesState> & MessagesStore;
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
  /** Notifies the listeners of events, and changes nothing. */
  publish(event: ChannelEvent): void;
}

export function createFakeChannel(options: FakeChannelOptions): FakeChannel {
  const { data, me } = options;
  const calls: FakeChannel['calls'] = [];
  const listeners = new Set<(event: ChannelEvent) => void>();
  let watching = 0;
  let loaded = false;
  let refusal: ParleyError | null = null;
  let seq = data.seq;
  let sent = 0;

  const state = createValue<ChannelState>({
    status: 'idle',
    data: null,
    membership: null,
    capabilities: [],
    error: null,
  });
  const called = (name: string, ...args: unknown[]) => void calls.push([name, ...args]);
  const pages = createFakePages({ ...options, called, refusal: () => refusal });
  const page = pages.store;
  const members = createValue<readonly Member[]>([]);
  const reads = createValue<ReadonlyMap<string, number>>(new Map());
  const typing = createValue<readonly User[]>([]);
  const unread = createValue<UnreadState>({ count: 0, mentions: 0, readSeq: 0 });

  const load = () => {
    loaded = true;
    members.set(options.members);
    reads.set(options.reads ?? new Map());
    unread.set(options.unread ?? { count: 0, mentions: 0, readSeq: seq });
    pages.show(options.messages ?? []);
    const own = options.members.find(({ user }) => user.id === me.id) ?? member(me);
    const may = options.capabilities ?? capabilities.filter((each) => !each.includes('-any-'));
    state.set({ status: 'live', data, membership: own, capabilities: may, error: null });
  };
  const items = () => page.get().items;
  const setItems = (next: readonly MessageView[]) => page.set({ ...page.get(), items: next });
  const change = (id: string, next: (item: MessageView) => MessageView) =>
    setItems(items().map((item) => (item.id === id ? next(item) : item)));
  const found = (id: string): MessageView => {
    const item = items().find((each) => each.id === id);
    if (item === undefined) throw new ParleyError('not_found', `unable to find message ${id}; it is not loaded`);
    return item;
  };
  const now = () => new Date().toISOString();

  /** What is unread counts here as it does in the SDK. */
  const count = (item: MessageView, by: 1 | -1) => {
    const { readSeq, count: all, mentions } = unread.get();
    if (!isUnread(item, readSeq)) return;
    const named = mentionsMe(item) ? by : 0;
    unread.set({ readSeq, count: Math.max(0, all + by), mentions: Math.max(0, mentions + named) });
  };
  const isUnread = (item: MessageView, readSeq: number) =>
    item.seq > readSeq && item.deletedAt === null && item.user?.id !== me.id;
  const mentionsMe = ({ mentionedUsers }: MessageView) => mentionedUsers.some(({ id }) => id === me.id);
  /** A message is in the log: it stands before what is not sent yet. */
  const arrived = (item: MessageView) => {
    pages.append(item);
    const { data: known } = state.get();
    if (known !== null) state.set({ ...state.get(), data: { ...known, seq, lastMessageAt: item.createdAt } });
    count(item, 1);
  };
  /** The server takes a change, and an event of it enters the log; or it refuses. */
  const accepted = async () => {
    if (refusal !== null) throw refusal;
    seq += 1;
  };
  const changes = createFakeChanges({ change, accepted });

  const deliver = async (draft: MessageView) => {
    if (refusal !== null) {
      const error = refusal;
      change(draft.id, (item) => ({ ...item, status: 'failed', error }));
      throw refusal;
    }
    await Promise.resolve();
    seq += 1;
    const done: MessageView = { ...draft, status: 'sent', error: null, seq };
    if (done.parentId === null) arrived(done);
    else change(done.parentId, (root) => ({ ...root, replyCount: root.replyCount + 1 }));
    return done;
  };

  return {
    id: data.id,
    type: data.type,
    key: data.key,
    state,
    messages: page,
    members,
    reads,
    typing,
    unread,
    calls,
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    watchers: () => watching,
    refuseWith: (error) => {
      refusal = error;
    },
    receive(from, text, parts = {}) {
      seq += 1;
      const item = view(build(`received ${seq}`, from, text, { channelId: data.id, seq, createdAt: now() }), parts);
      arrived(item);
      return item;
    },
    watch() {
      watching += 1;
      if (watching === 1 && options.loads !== false) {
        if (loaded) state.set({ ...state.get(), status: 'live' });
        else load();
      }
      let watched = true;
      return () => {
        if (!watched) return;
        watched = false;
        watching -= 1;
        if (watching === 0 && state.get().error === null) state.set({ ...state.get(), status: 'idle' });
      };
    },
    ready: async () => undefined,
    async send(input: string | SendInput) {
      called('send', input);
      const given = typeof input === 'string' ? { text: input } : input;
      if ((given.text ?? '') === '' && (given.attachments ?? []).length === 0)
        throw new ParleyError('invalid_input', 'unable to send message; it is empty', { field: 'text' });
      sent += 1;
      const draft = view(
        build(given.id ?? `sent ${sent}`, me, given.text ?? '', {
          channelId: data.id,
          seq: 0,
          createdAt: now(),
          parentId: given.parentId ?? null,
          quoted: items().find(({ id }) => id === given.quotedId) ?? null,
          mentionedUsers: options.members
            .map(({ user }) => user)
            .filter(({ id }) => given.mentionedUserIds?.includes(id)),
          custom: given.custom ?? {},
        }),
        { status: 'sending' },
      );
      if (draft.parentId === null) setItems([...items(), draft]);
      return deliver(draft);
    },
    async retry(id) {
      called('retry', id);
      const again = changes.again(id);
      if (again !== undefined) return again();
      const failed = found(id);
      if (failed.status !== 'failed')
        throw new ParleyError('not_found', `unable to send message ${id} again; it has not failed`);
      change(id, (item) => ({ ...item, status: 'sending', error: null }));
      return deliver(failed);
    },
    discard(id) {
      called('discard', id);
      changes.discard(id);
      setItems(items().filter((item) => item.id !== id || item.status === 'sent'));
    },
    async edit(id, input) {
      called('edit', id, input);
      const edit = typeof input === 'string' ? { text: input } : input;
      return changes.attempt(id, edit, () => {
        change(id, (item) => ({ ...item, text: edit.text ?? item.text, editedAt: now() }));
        setItems(items().map((item) => requoted(item, found(id))));
        return found(id);
      });
    },
    async delete(id, { hard = false } = {}) {
      called('delete', id);
      await changes.attempt(id, null, () => {
        count(found(id), -1);
        const bare = {
          text: '',
          attachments: [],
          mentionedUsers: [],
          quoted: null,
          reactionGroups: [],
          ownReactions: [],
        };
        const gone: MessageView = { ...found(id), ...bare, custom: {}, deletedAt: now() };
        setItems(
          items().flatMap((item) => (item.id !== id ? [requoted(item, hard ? null : gone, id)] : hard ? [] : [gone])),
        );
        return gone;
      });
    },
    async react(id, type, { score = 1, exclusive = false } = {}) {
      called('react', id, type);
      const before = found(id);
      const own = before.ownReactions ?? [];
      const same = own.find((each) => each.type === type);
      if (same?.score === score && !exclusive) return before;
      await accepted();
      const taken = exclusive ? own : same === undefined ? [] : [same];
      change(id, (item) =>
        withReaction(
          taken.reduce((rest, { type: each }) => withoutReaction(rest, each), item),
          { type, user: me, score, createdAt: now() },
        ),
      );
      return found(id);
    },
    async unreact(id, type) {
      called('unreact', id, type);
      if (!found(id).ownReactions?.some((each) => each.type === type)) return found(id);
      await accepted();
      change(id, (item) => withoutReaction(item, type));
      return found(id);
    },
    async markRead(upTo = seq) {
      called('markRead');
      if (refusal !== null) throw refusal;
      const readSeq = Math.max(unread.get().readSeq, Math.min(upTo, seq));
      const left = items().filter((item) => item.status === 'sent' && isUnread(item, readSeq));
      unread.set({ count: left.length, mentions: left.filter(mentionsMe).length, readSeq });
      reads.set(new Map([...reads.get(), [me.id, readSeq]]));
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

/** The item, quoting its source as that is now; null: the source is gone. */
function requoted(item: MessageView, source: MessageView | null, id = source?.id): MessageView {
  return item.quoted === null || item.quoted.id !== id ? item : { ...item, quoted: source };
}
