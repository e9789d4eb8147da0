import { ParleyError } from '@parley/contracts';
import type { ChannelState } from './channel.ts';
import { type ChannelEvent, isLogged, type LoggedEvent } from './channel-event.ts';
import { forget, newSequence, offer, pause, type Release, restart, type Sequence, startAfter } from './sequence.ts';
import type { Snapshot } from './snapshot.ts';

/** How a client follows one channel: a snapshot, then events without holes, over any number of connections. */
export interface FeedState {
  readonly status: ChannelState['status'];
  /** Why it is `closed` or `failed`. */
  readonly failure: ParleyError | null;
  readonly watched: boolean;
  readonly wasLive: boolean;
  /** When somebody watched last, or a snapshot came, ms. */
  readonly seenAt: number;
  /** Whether a snapshot is under way. */
  readonly loading: boolean;
  /** Whether there is a snapshot to resume from. */
  readonly loaded: boolean;
  readonly sequence: Sequence;
  /** Of the log that the snapshot and what followed are of; with the head of the sequence it is the position to resume from. */
  readonly epoch: string;
  /** The running subscription, with the epoch of its log. */
  readonly stream: { readonly epoch: string } | null;
  /** Why it waits: for the events before an early one, or to subscribe again. */
  readonly timer: 'gap' | 'subscribe' | null;
  /** Gaps since the last event that was let through. */
  readonly gaps: number;
}

export type FeedInput =
  /** `elsewhere`: what is loaded is another place than the one that a channel opens at. */
  | { readonly name: 'watched'; readonly now: number; readonly elsewhere: boolean }
  /** Nobody watches any more. `loading`: a snapshot that is under way still serves whoever watches next. */
  | { readonly name: 'left'; readonly now: number; readonly loading: boolean }
  | { readonly name: 'connected' }
  | { readonly name: 'disconnected' }
  | { readonly name: 'loaded'; readonly snapshot: Snapshot; readonly now: number }
  | { readonly name: 'load-failed'; readonly error: ParleyError }
  | { readonly name: 'event'; readonly event: ChannelEvent }
  | { readonly name: 'refused'; readonly error: ParleyError }
  /** The timer that the state names is over. */
  | { readonly name: 'due' }
  /** The viewer may read the channel, perhaps again. */
  | { readonly name: 'readable' };

/** The work of the driver, in this order. */
export type FeedEffect =
  /** Asks for a snapshot, unless one is under way. */
  | { readonly name: 'load' }
  /** Starts a subscription after the head; one that runs is ended. */
  | { readonly name: 'subscribe' }
  | { readonly name: 'unsubscribe' }
  | { readonly name: 'set-timer'; readonly ms: number }
  | { readonly name: 'clear-timer' }
  | { readonly name: 'reset'; readonly snapshot: Snapshot }
  | { readonly name: 'deliver'; readonly event: ChannelEvent }
  /** Events are missing: the log, or the channel, is read again. */
  | { readonly name: 'refetch' }
  | { readonly name: 'status' };

export const newFeed: FeedState = {
  status: 'idle',
  failure: null,
  watched: false,
  wasLive: false,
  seenAt: 0,
  loading: false,
  loaded: false,
  sequence: newSequence,
  epoch: '',
  stream: null,
  timer: null,
  gaps: 0,
};

const gapMs = 200;
const gapsBeforeSnapshot = 3;
const subscribeAgainMs = 1_000;
/** After so long without a watcher a snapshot is cheaper than what was missed. */
const resumableMs = 60_000;

/** The whole of what a feed does; effects are the driver's. */
export function nextFeed(before: FeedState, input: FeedInput): readonly [FeedState, readonly FeedEffect[]] {
  let state = before;
  const effects: FeedEffect[] = [];

  const set = (part: Partial<FeedState>): void => {
    state = { ...state, ...part };
  };

  const to = (status: FeedState['status'], failure: ParleyError | null = null): void => {
    set({ status, failure, wasLive: state.wasLive || status === 'live' });
    effects.push({ name: 'status' });
  };

  const setTimer = (timer: NonNullable<FeedState['timer']>, ms: number): void => {
    set({ timer });
    effects.push({ name: 'set-timer', ms });
  };

  const clearTimer = (): void => {
    if (state.timer === null) return;
    set({ timer: null });
    effects.push({ name: 'clear-timer' });
  };

  const subscribe = (): void => {
    clearTimer();
    set({ stream: { epoch: state.epoch } });
    effects.push({ name: 'subscribe' });
  };

  const resume = (): void => {
    to('resuming');
    subscribe();
  };

  const unsubscribe = (): void => {
    clearTimer();
    if (state.stream === null) return;
    set({ stream: null });
    effects.push({ name: 'unsubscribe' });
  };

  /** Asks for a new snapshot; events that come meanwhile are held and applied after it. */
  const load = (): void => {
    clearTimer();
    set({ loading: true, sequence: pause(state.sequence) });
    to(state.loaded ? 'resuming' : 'loading');
    effects.push({ name: 'load' });
  };

  const open = (): void => {
    if (state.stream === null && !state.loading) load();
  };

  const end = (status: 'closed' | 'failed', error: ParleyError): void => {
    unsubscribe();
    set({ loaded: false });
    to(status, error);
  };

  const refuse = (error: ParleyError): void => {
    const lostAccess = state.wasLive && (error.code === 'forbidden' || error.code === 'not_found');
    end(lostAccess ? 'closed' : 'failed', error);
  };

  const loaded = (snapshot: Snapshot, now: number): void => {
    const { epoch } = snapshot;
    set({ loading: false, loaded: true, gaps: 0, seenAt: now, epoch });
    effects.push({ name: 'reset', snapshot });
    const { stream, watched } = state;
    if (stream !== null && stream.epoch !== epoch) {
      // Snapshot and events are of different logs: the server says once more which is the log now.
      unsubscribe();
      set({ sequence: startAfter(restart(), snapshot.data.seq).sequence });
      return void setTimer('subscribe', subscribeAgainMs);
    }
    const release = startAfter(state.sequence, snapshot.data.seq);
    if (!watched) return void set({ sequence: forget(release.sequence) });
    if (stream === null) {
      set({ sequence: release.sequence });
      return void subscribe();
    }
    apply(release);
    expectWhole();
    if (state.stream !== null && state.sequence.held.size === 0) to('live');
  };

  const receive = (event: ChannelEvent): void => {
    if (isLogged(event)) {
      apply(offer(state.sequence, event));
      if (!state.loading) expectWhole();
      return;
    }
    effects.push({ name: 'deliver', event });
    if (event.__typename === 'ChannelReset') {
      set({ stream: { epoch: event.epoch } });
      load();
      // What comes from now on may have lower positions than what is known.
      set({ sequence: restart() });
    }
    if (event.__typename !== 'ChannelSynced' || state.loading) return;
    if (event.seq > state.sequence.head) setTimer('gap', gapMs);
    else to('live');
  };

  const apply = ({ sequence, ready }: Release): void => {
    set({ sequence });
    for (const event of ready) if (deliver(event)) return;
  };

  /** Returns whether the channel is over with it. */
  const deliver = (event: LoggedEvent): boolean => {
    set({ gaps: 0 });
    effects.push({ name: 'deliver', event });
    if (event.__typename !== 'ChannelDeleted') return false;
    end('closed', new ParleyError('not_found', `unable to follow channel ${event.channelId}; it was deleted`));
    return true;
  };

  const expectWhole = (): void => {
    const { stream, sequence, timer } = state;
    if (stream === null) return;
    if (sequence.held.size === 0) clearTimer();
    else if (timer === null) setTimer('gap', gapMs);
  };

  /** The server sends a log in order, so a hole means that something went missing: the log is read again from where it is whole. */
  const refetch = (): void => {
    const gaps = state.gaps + 1;
    set({ gaps, sequence: forget(state.sequence) });
    effects.push({ name: 'refetch' });
    if (gaps >= gapsBeforeSnapshot) load();
    else resume();
  };

  switch (input.name) {
    case 'watched':
      set({ watched: true, wasLive: false });
      if (before.loading || !before.loaded || input.elsewhere || input.now - before.seenAt > resumableMs) load();
      else resume();
      break;
    case 'left':
      unsubscribe();
      set({ watched: false, seenAt: input.now });
      if (!input.loading) set({ loading: false, sequence: forget(state.sequence) });
      if (state.failure === null) to('idle');
      break;
    case 'connected':
      // A refused token says nothing against the channel: with another one it goes on.
      if (before.failure === null || before.failure.code === 'unauthenticated') open();
      break;
    case 'disconnected':
      clearTimer();
      if (before.status === 'live') to('resuming');
      break;
    case 'loaded':
      loaded(input.snapshot, input.now);
      break;
    case 'load-failed':
      if (input.error.retryable && before.watched) break;
      set({ loading: false });
      if (before.watched) refuse(input.error);
      break;
    case 'event':
      receive(input.event);
      break;
    case 'refused':
      refuse(input.error);
      break;
    case 'due':
      set({ timer: null });
      if (before.timer === 'subscribe') subscribe();
      if (before.timer === 'gap') refetch();
      break;
    case 'readable':
      if (before.watched && before.failure !== null) open();
  }
  return [state, effects];
}
