import type { ChannelBumped, ChannelFilter, ChannelSort, ParleyError } from '@parley/contracts';
import type { InboxEvent } from '../inbox/inbox-event.ts';
import { belongs } from './belongs.ts';
import type { ChannelListState, ChannelSummary } from './channel-list.ts';
import type { ChannelPage } from './channel-page.ts';
import { compareBy } from './order.ts';
import { looksSame } from './projection.ts';
import { place, without } from './window.ts';

/** A list of channels and what is under way for it. */
export interface ListState {
  readonly shown: ChannelListState;
  readonly watched: boolean;
  readonly cursor: string | null;
  /** Number of the newest load; an answer to an older one is dropped. */
  readonly generation: number;
  /** How many loads are under way. */
  readonly loading: number;
  /** The list is to be loaded once more when the load under way is over. */
  readonly again: boolean;
  /** Channels that the API will be asked about: whether they belong here, and how they look. */
  readonly asked: ReadonlySet<string>;
  /** Those of the question under way. There is one at a time, since two answers could come in the wrong order. */
  readonly asking: ReadonlySet<string>;
  /** Whether a timer for the next question runs. */
  readonly timer: boolean;
  /** The page was asked for before the inbox was live: what happened between is in neither. */
  readonly uncovered: boolean;
  /** Of the log that the list was loaded of. */
  readonly epoch: string | null;
}

export type ListInput =
  | { readonly name: 'watched'; readonly synced: boolean; readonly epoch: string | null }
  | { readonly name: 'left' }
  /** A load begins. Each has a number of its own, higher than those before. */
  | { readonly name: 'load'; readonly generation: number }
  | { readonly name: 'loaded'; readonly generation: number; readonly page: ChannelPage }
  /** The load is over, whatever came of it. */
  | { readonly name: 'load-ended' }
  | { readonly name: 'load-failed'; readonly error: ParleyError }
  | { readonly name: 'more-loaded'; readonly generation: number; readonly page: ChannelPage }
  /** Null: the question failed. */
  | { readonly name: 'answered'; readonly generation: number; readonly items: readonly ChannelSummary[] | null }
  /** Of a channel that nobody follows here. */
  | { readonly name: 'inbox'; readonly event: InboxEvent }
  /** A channel that is followed here has changed; null while it is not live. */
  | {
      readonly name: 'followed';
      readonly id: string;
      readonly summary: ChannelSummary | null;
      readonly closed: boolean;
    }
  /** The timer is over. */
  | { readonly name: 'due' }
  | { readonly name: 'connected' }
  | { readonly name: 'stopped' };

export type ListEffect =
  /** Loads the first page, unless that is under way. */
  | { readonly name: 'load' }
  | { readonly name: 'ask'; readonly generation: number; readonly ids: readonly string[] }
  /** What is followed here is at least as new as any answer. */
  | { readonly name: 'show-followed'; readonly ids: readonly string[] }
  | { readonly name: 'set-timer'; readonly ms: number }
  | { readonly name: 'clear-timer' };

export interface ListRules {
  readonly filter: ChannelFilter | undefined;
  readonly sort: readonly ChannelSort[];
}

export const newList: ListState = {
  shown: { status: 'idle', items: [], hasMore: false, error: null },
  watched: false,
  cursor: null,
  generation: 0,
  loading: 0,
  again: false,
  asked: new Set(),
  asking: new Set(),
  timer: false,
  uncovered: false,
  epoch: null,
};

const soonMs = 50;
const laterMs = 1_000;
const mostAsked = 100;

/** The whole of what a list does; effects are the driver's. */
export function nextList(
  rules: ListRules,
  before: ListState,
  input: ListInput,
): readonly [ListState, readonly ListEffect[]] {
  const step = new Step(rules, before);
  step.take(input);
  return [step.state, step.effects];
}

/** One step: the state that becomes of another, and the effects on the way. */
class Step {
  readonly #rules: ListRules;
  state: ListState;
  readonly effects: ListEffect[] = [];

  constructor(rules: ListRules, before: ListState) {
    this.#rules = rules;
    this.state = before;
  }

  take(input: ListInput): void {
    const { state } = this;
    switch (input.name) {
      case 'watched':
        this.#set({ watched: true, uncovered: !input.synced, epoch: input.epoch });
        this.effects.push({ name: 'load' });
        break;
      case 'left':
        this.#clearTimer();
        this.#set({ watched: false });
        if (state.shown.status === 'failed') this.#show({ status: 'idle' });
        break;
      case 'load':
        if (state.shown.status !== 'ready') this.#show({ status: 'loading' });
        this.#clearTimer();
        // What happens from here on is asked for again, since the page may be older.
        this.#set({ generation: input.generation, loading: state.loading + 1, again: false, asked: new Set() });
        break;
      case 'loaded':
        this.#loaded(input.generation, input.page);
        break;
      case 'load-ended':
        this.#set({ loading: state.loading - 1 });
        this.#askIn(soonMs);
        break;
      case 'load-failed':
        if (state.shown.status !== 'ready') this.#show({ status: 'failed', error: input.error });
        break;
      case 'more-loaded':
        if (input.generation === state.generation) this.#append(input.page);
        break;
      case 'answered':
        this.#answered(input.generation, input.items);
        break;
      case 'inbox':
        this.#hear(input.event);
        break;
      case 'followed':
        if (state.shown.status !== 'ready') break;
        if (input.summary !== null) this.#admit(input.summary);
        else if (input.closed) this.#showItems(without(state.shown.items, input.id));
        break;
      case 'due':
        this.#set({ timer: false, asked: new Set(), asking: state.asked });
        this.effects.push({ name: 'ask', generation: state.generation, ids: [...state.asked] });
        break;
      case 'connected':
        if (!state.timer) this.#askIn(soonMs);
        break;
      case 'stopped':
        this.#clearTimer();
    }
  }

  #set(part: Partial<ListState>): void {
    this.state = { ...this.state, ...part };
  }

  #show(part: Partial<ChannelListState>): void {
    this.#set({ shown: { ...this.state.shown, ...part } });
  }

  #showItems(items: readonly ChannelSummary[]): void {
    if (items !== this.state.shown.items) this.#show({ items });
  }

  #clearTimer(): void {
    if (!this.state.timer) return;
    this.#set({ timer: false });
    this.effects.push({ name: 'clear-timer' });
  }

  #reload(): void {
    this.#set({ again: true });
    this.effects.push({ name: 'load' });
  }

  #ask(id: string, ms: number): void {
    const { asked } = this.state;
    if (asked.size < mostAsked) this.#set({ asked: new Set(asked).add(id) });
    else this.#reload();
    this.#askIn(ms);
  }

  #askIn(ms: number): void {
    const { asked, asking, loading, shown, timer } = this.state;
    if (asked.size === 0 || asking.size > 0 || loading > 0 || shown.status !== 'ready') return;
    if (timer && ms !== soonMs) return;
    this.#set({ timer: true });
    this.effects.push({ name: 'set-timer', ms });
  }

  #loaded(generation: number, { cursor, items, hasMore }: ChannelPage): void {
    if (generation !== this.state.generation) return;
    this.#set({ cursor });
    this.#show({ status: 'ready', items, hasMore, error: null });
    this.effects.push({ name: 'show-followed', ids: items.map(({ id }) => id) });
  }

  #append({ cursor, items, hasMore }: ChannelPage): void {
    const known = this.state.shown.items;
    const ids = new Set(known.map(({ id }) => id));
    const all = [...known, ...items.filter(({ id }) => !ids.has(id))].sort(compareBy(this.#rules.sort));
    this.#set({ cursor });
    this.#show({ items: all, hasMore });
  }

  #answered(generation: number, items: readonly ChannelSummary[] | null): void {
    const { asking: ids, watched } = this.state;
    this.#set({ asking: new Set() });
    if (items === null) {
      if (watched) this.effects.push({ name: 'load' });
    } else if (generation === this.state.generation && watched) {
      const found = new Map(items.map((item) => [item.id, item]));
      for (const id of ids) {
        const summary = found.get(id);
        const { shown } = this.state;
        this.#showItems(summary === undefined ? without(shown.items, id) : place(shown, summary, this.#rules.sort));
      }
      this.effects.push({ name: 'show-followed', ids: [...ids] });
    }
    this.#askIn(soonMs);
  }

  /** Takes in a summary that is current. */
  #admit(summary: ChannelSummary): void {
    const { shown } = this.state;
    const known = shown.items.find(({ id }) => id === summary.id);
    const verdict = belongs(this.#rules.filter, summary);
    if (verdict === false) return void this.#showItems(without(shown.items, summary.id));
    if (verdict === null && known === undefined) return void this.#ask(summary.id, soonMs);
    if (known === undefined || !looksSame(known, summary)) this.#showItems(place(shown, summary, this.#rules.sort));
  }

  #hear(event: InboxEvent): void {
    if (event.__typename === 'ChannelBumped') this.#bumped(event);
    if (event.__typename === 'ChannelJoined') this.#ask(event.channel.id, soonMs);
    if (event.__typename === 'InboxSynced') this.#synced(event.epoch);
    if (event.__typename !== 'ChannelLeft') return;
    this.#showItems(without(this.state.shown.items, event.channelId));
    // Some kinds of channel can be read without being a member.
    if (event.reason !== 'deleted') this.#ask(event.channelId, soonMs);
  }

  #synced(epoch: string): void {
    // After a set-back of the log a channel that is shown may never have been, and nobody says that it left.
    const setBack = this.state.epoch !== null && epoch !== this.state.epoch;
    const stale = this.state.uncovered || setBack;
    this.#set({ epoch, uncovered: false });
    if (stale) this.#reload();
  }

  #bumped(event: ChannelBumped): void {
    const { channelId, lastMessage, unreadCount, unreadMentions } = event;
    const known = this.state.shown.items.find(({ id }) => id === channelId);
    if (known === undefined) return void this.#ask(channelId, soonMs);
    // The answer that is under way may be older than this.
    if (this.state.loading > 0 || this.state.asking.has(channelId)) this.#ask(channelId, soonMs);
    this.#admit({
      ...known,
      data: {
        ...known.data,
        seq: Math.max(known.data.seq, event.seq),
        lastMessageAt: later(known.data.lastMessageAt, lastMessage?.createdAt ?? null),
      },
      lastMessage,
      unreadCount,
      unreadMentions,
      readSeq: unreadCount === 0 ? event.seq : known.readSeq,
    });
    // A bump tells of messages and numbers; a longer log without a new message says that something else has changed.
    const explained =
      event.seq <= known.data.seq || (lastMessage !== null && lastMessage.seq > (known.lastMessage?.seq ?? 0));
    if (!explained) this.#ask(channelId, laterMs);
  }
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
