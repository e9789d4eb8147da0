import { type ChannelBumped, type ChannelFilter, type ChannelSort, mapEach, type ParleyError } from '@parley/contracts';
import type { InboxEvent } from '../inbox/inbox-event.ts';
import { belongs } from './belongs.ts';
import type { ChannelListState, ChannelSummary } from './channel-list.ts';
import type { ChannelPage } from './channel-page.ts';
import { compareBy } from './order.ts';
import { looksSame } from './projection.ts';
import { withUser } from './summary-user.ts';
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
  /** The page was asked for before the inbox was live: changes in between are in neither. */
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
  /** Channels that are followed here are at least as new as any answer. */
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
  let state = before;
  const effects: ListEffect[] = [];

  const set = (part: Partial<ListState>): void => {
    state = { ...state, ...part };
  };

  const show = (part: Partial<ChannelListState>): void => {
    set({ shown: { ...state.shown, ...part } });
  };

  const showItems = (items: readonly ChannelSummary[]): void => {
    if (items !== state.shown.items) show({ items });
  };

  const clearTimer = (): void => {
    if (!state.timer) return;
    set({ timer: false });
    effects.push({ name: 'clear-timer' });
  };

  const load = (): void => void effects.push({ name: 'load' });

  const reload = (): void => {
    set({ again: true });
    load();
  };

  /** Channels that are followed here are at least as new as any answer. */
  const showFollowed = (ids: readonly string[]): void => void effects.push({ name: 'show-followed', ids });

  const ask = (id: string, ms: number): void => {
    const { asked } = state;
    if (asked.size < mostAsked) set({ asked: new Set(asked).add(id) });
    else reload();
    askIn(ms);
  };

  const askIn = (ms: number): void => {
    const { asked, asking, loading, shown, timer } = state;
    if (asked.size === 0 || asking.size > 0 || loading > 0 || shown.status !== 'ready') return;
    if (timer && ms !== soonMs) return;
    set({ timer: true });
    effects.push({ name: 'set-timer', ms });
  };

  const answered = (generation: number, items: readonly ChannelSummary[] | null): void => {
    const { asking: ids, watched } = state;
    set({ asking: new Set() });
    if (items === null) {
      if (watched) load();
    } else if (generation === state.generation && watched) {
      const found = new Map(items.map((item) => [item.id, item]));
      for (const id of ids) {
        const summary = found.get(id);
        const { shown } = state;
        showItems(summary === undefined ? without(shown.items, id) : place(shown, summary, rules.sort));
      }
      showFollowed([...ids]);
    }
    askIn(soonMs);
  };

  /** Takes in a summary that is current. */
  const admit = (summary: ChannelSummary): void => {
    const { shown } = state;
    const known = shown.items.find(({ id }) => id === summary.id);
    const verdict = belongs(rules.filter, summary);
    if (verdict === false) return void showItems(without(shown.items, summary.id));
    if (verdict === null && known === undefined) return void ask(summary.id, soonMs);
    if (known === undefined || !looksSame(known, summary)) showItems(place(shown, summary, rules.sort));
  };

  const heard = (event: InboxEvent): void => {
    switch (event.__typename) {
      case 'ChannelBumped':
        bumped(event);
        break;
      case 'ChannelJoined':
        ask(event.channel.id, soonMs);
        break;
      case 'ChannelLeft':
        showItems(without(state.shown.items, event.channelId));
        // Some kinds of channel can be read without being a member.
        if (event.reason !== 'deleted') ask(event.channelId, soonMs);
        break;
      case 'InboxUserUpdated':
        showItems(mapEach(state.shown.items, (item) => withUser(item, event.user)));
        break;
      case 'InboxSynced':
        set({ epoch: event.epoch, uncovered: false });
        // After a set-back of the log a channel that is shown may never have been, and nobody says that it left.
        if (before.uncovered || (before.epoch !== null && event.epoch !== before.epoch)) reload();
        break;
      default:
      // Numbers of the whole inbox, and events of a newer server, change no list.
    }
  };

  const bumped = (event: ChannelBumped): void => {
    const { channelId, lastMessage, unreadCount, unreadMentions } = event;
    const known = state.shown.items.find(({ id }) => id === channelId);
    if (known === undefined) return void ask(channelId, soonMs);
    // The answer that is under way may be older than this.
    if (state.loading > 0 || state.asking.has(channelId)) ask(channelId, soonMs);
    admit({
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
    if (!explained) ask(channelId, laterMs);
  };

  switch (input.name) {
    case 'watched':
      set({ watched: true, uncovered: !input.synced, epoch: input.epoch });
      load();
      break;
    case 'left':
      clearTimer();
      set({ watched: false });
      if (before.shown.status === 'failed') show({ status: 'idle' });
      break;
    case 'load':
      if (before.shown.status !== 'ready') show({ status: 'loading' });
      clearTimer();
      // What happens from here on is asked for again, since the page may be older.
      set({ generation: input.generation, loading: before.loading + 1, again: false, asked: new Set() });
      break;
    case 'loaded':
      if (input.generation !== before.generation) break;
      set({ cursor: input.page.cursor });
      show({ status: 'ready', items: input.page.items, hasMore: input.page.hasMore, error: null });
      showFollowed(input.page.items.map(({ id }) => id));
      break;
    case 'load-ended':
      set({ loading: before.loading - 1 });
      askIn(soonMs);
      break;
    case 'load-failed':
      if (before.shown.status !== 'ready') show({ status: 'failed', error: input.error });
      break;
    case 'more-loaded':
      if (input.generation !== before.generation) break;
      set({ cursor: input.page.cursor });
      show({ items: joined(before.shown.items, input.page.items, rules.sort), hasMore: input.page.hasMore });
      break;
    case 'answered':
      answered(input.generation, input.items);
      break;
    case 'inbox':
      heard(input.event);
      break;
    case 'followed':
      if (before.shown.status !== 'ready') break;
      if (input.summary !== null) admit(input.summary);
      else if (input.closed) showItems(without(before.shown.items, input.id));
      break;
    case 'due':
      set({ timer: false, asked: new Set(), asking: before.asked });
      effects.push({ name: 'ask', generation: before.generation, ids: [...before.asked] });
      break;
    case 'connected':
      if (!before.timer) askIn(soonMs);
      break;
    case 'stopped':
      clearTimer();
  }
  return [state, effects];
}

function joined(
  known: readonly ChannelSummary[],
  page: readonly ChannelSummary[],
  sort: readonly ChannelSort[],
): readonly ChannelSummary[] {
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...page.filter(({ id }) => !ids.has(id))].sort(compareBy(sort));
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
