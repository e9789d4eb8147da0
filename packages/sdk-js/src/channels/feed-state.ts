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
  | { readonly name: 'watched'; readonly now: number }
  /** Nobody watches any more. `loading`: a snapshot that is under way still serves whoever watches next. */
  | { readonly name: 'left'; readonly now: number; readonly loading: boolean }
  | { readonly name: 'connected' }
  | { readonly name: 'disconnected' }
  | { readonly name: 'loaded'; readonly snapshot: Snapshot; readonly now: number }
  | { readonly name: 'load-failed'; readonly error: ParleyError }
  | { readonly name: 'event'; readonly event: ChannelEvent }
  | { readonly name: 'refused'; readonly error: ParleyError }
  /** The server has ended the subscription. */
  | { readonly name: 'completed' }
  /** The timer that the state names is over. */
  | { readonly name: 'due' }
  /** The viewer may read the channel, perhaps again. */
  | { readonly name: 'readable' };

/** What the driver does, in this order. */
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
  /** Events are missing: what follows reads the log, or the channel, again. */
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
  const step = new Step(before);
  step.take(input);
  return [step.state, step.effects];
}

/** One step: the state that becomes of another, and the effects on the way. */
class Step {
  state: FeedState;
  readonly effects: FeedEffect[] = [];

  constructor(before: FeedState) {
    this.state = before;
  }

  take(input: FeedInput): void {
    switch (input.name) {
      case 'watched':
        this.#watched(input.now);
        break;
      case 'left':
        this.#left(input.now, input.loading);
        break;
      case 'connected':
        // A refused token is no fault of the channel: with another one it goes on.
        if (this.state.failure === null || this.state.failure.code === 'unauthenticated') this.#open();
        break;
      case 'disconnected':
        this.#clearTimer();
        if (this.state.status === 'live') this.#to('resuming');
        break;
      case 'loaded':
        this.#loaded(input.snapshot, input.now);
        break;
      case 'load-failed':
        this.#loadFailed(input.error);
        break;
      case 'event':
        this.#receive(input.event);
        break;
      case 'refused':
        this.#refuse(input.error);
        break;
      case 'completed':
        // The server ends the stream of a channel only when there is nothing to follow; asking again says why.
        this.#setTimer('subscribe', subscribeAgainMs);
        break;
      case 'due':
        this.#due();
        break;
      case 'readable':
        if (this.state.watched && this.state.failure !== null) this.#open();
    }
  }

  #set(part: Partial<FeedState>): void {
    this.state = { ...this.state, ...part };
  }

  #to(status: FeedState['status'], failure: ParleyError | null = null): void {
    this.#set({ status, failure, wasLive: this.state.wasLive || status === 'live' });
    this.effects.push({ name: 'status' });
  }

  #setTimer(timer: NonNullable<FeedState['timer']>, ms: number): void {
    this.#set({ timer });
    this.effects.push({ name: 'set-timer', ms });
  }

  #clearTimer(): void {
    if (this.state.timer === null) return;
    this.#set({ timer: null });
    this.effects.push({ name: 'clear-timer' });
  }

  #subscribe(): void {
    this.#clearTimer();
    this.#set({ stream: { epoch: this.state.epoch } });
    this.effects.push({ name: 'subscribe' });
  }

  #unsubscribe(): void {
    this.#clearTimer();
    if (this.state.stream === null) return;
    this.#set({ stream: null });
    this.effects.push({ name: 'unsubscribe' });
  }

  /** Asks for a new snapshot; what the events say meanwhile is held and applied after it. */
  #load(): void {
    this.#clearTimer();
    this.#set({ loading: true, sequence: pause(this.state.sequence) });
    this.#to(this.state.loaded ? 'resuming' : 'loading');
    this.effects.push({ name: 'load' });
  }

  #open(): void {
    if (this.state.stream === null && !this.state.loading) this.#load();
  }

  #watched(now: number): void {
    const { loading, loaded, seenAt } = this.state;
    this.#set({ watched: true, wasLive: false });
    if (loading || !loaded || now - seenAt > resumableMs) return void this.#load();
    this.#to('resuming');
    this.#subscribe();
  }

  #left(now: number, loading: boolean): void {
    this.#unsubscribe();
    this.#set({ watched: false, seenAt: now });
    if (!loading) this.#set({ loading: false, sequence: forget(this.state.sequence) });
    if (this.state.failure === null) this.#to('idle');
  }

  #end(status: 'closed' | 'failed', error: ParleyError): void {
    this.#unsubscribe();
    this.#set({ loaded: false });
    this.#to(status, error);
  }

  #refuse(error: ParleyError): void {
    const lostAccess = this.state.wasLive && (error.code === 'forbidden' || error.code === 'not_found');
    this.#end(lostAccess ? 'closed' : 'failed', error);
  }

  #loadFailed(error: ParleyError): void {
    const { watched } = this.state;
    if (error.retryable && watched) return;
    this.#set({ loading: false });
    if (watched) this.#refuse(error);
  }

  #loaded(snapshot: Snapshot, now: number): void {
    const { epoch } = snapshot;
    this.#set({ loading: false, loaded: true, gaps: 0, seenAt: now, epoch });
    this.effects.push({ name: 'reset', snapshot });
    const { stream, watched } = this.state;
    if (stream !== null && stream.epoch !== epoch) {
      // Snapshot and events are of different logs: the server says once more which is the log now.
      this.#unsubscribe();
      this.#set({ sequence: startAfter(restart(), snapshot.data.seq).sequence });
      return void this.#setTimer('subscribe', subscribeAgainMs);
    }
    const release = startAfter(this.state.sequence, snapshot.data.seq);
    if (!watched) return void this.#set({ sequence: forget(release.sequence) });
    if (stream === null) {
      this.#set({ sequence: release.sequence });
      return void this.#subscribe();
    }
    this.#apply(release);
    this.#expectWhole();
    if (this.state.stream !== null && this.state.sequence.held.size === 0) this.#to('live');
  }

  #receive(event: ChannelEvent): void {
    if (isLogged(event)) {
      this.#apply(offer(this.state.sequence, event));
      if (!this.state.loading) this.#expectWhole();
      return;
    }
    this.effects.push({ name: 'deliver', event });
    if (event.__typename === 'ChannelReset') {
      this.#set({ stream: { epoch: event.epoch } });
      this.#load();
      // What comes from now on may have lower positions than what is known.
      this.#set({ sequence: restart() });
    }
    if (event.__typename !== 'ChannelSynced' || this.state.loading) return;
    if (event.seq > this.state.sequence.head) this.#setTimer('gap', gapMs);
    else this.#to('live');
  }

  #apply({ sequence, ready }: Release): void {
    this.#set({ sequence });
    for (const event of ready) if (this.#deliver(event)) return;
  }

  /** Returns whether the channel is over with it. */
  #deliver(event: LoggedEvent): boolean {
    this.#set({ gaps: 0 });
    this.effects.push({ name: 'deliver', event });
    if (event.__typename !== 'ChannelDeleted') return false;
    this.#end('closed', new ParleyError('not_found', `unable to follow channel ${event.channelId}; it was deleted`));
    return true;
  }

  #expectWhole(): void {
    const { stream, sequence, timer } = this.state;
    if (stream === null) return;
    if (sequence.held.size === 0) this.#clearTimer();
    else if (timer === null) this.#setTimer('gap', gapMs);
  }

  #due(): void {
    const { timer } = this.state;
    this.#set({ timer: null });
    if (timer === 'subscribe') this.#subscribe();
    if (timer === 'gap') this.#refetch();
  }

  /** The server sends a log in order, so a hole means that something went missing: the log is read again from where it is whole. */
  #refetch(): void {
    const gaps = this.state.gaps + 1;
    this.#set({ gaps, sequence: forget(this.state.sequence) });
    this.effects.push({ name: 'refetch' });
    if (gaps >= gapsBeforeSnapshot) return void this.#load();
    this.#to('resuming');
    this.#subscribe();
  }
}
