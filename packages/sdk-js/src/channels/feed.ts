import { ParleyError } from '@parley/contracts';
import type { Context } from '../context.ts';
import { createTimer } from '../lib/timer.ts';
import { createWatchers } from '../lib/watchers.ts';
import { channelEventsSubscription } from '../operations/documents.ts';
import { createRetrying } from '../operations/retrying.ts';
import type { ChannelState } from './channel.ts';
import type { ChannelEvent, LoggedEvent } from './channel-event.ts';
import { eventOf, isLogged } from './channel-event.ts';
import { createSequencer } from './sequencer.ts';
import type { Snapshot } from './snapshot.ts';

/** Follows one channel: snapshot, then events without holes, over any number of connections. */
export interface Feed {
  /** Position of the last event that was applied; 0 before the first snapshot. */
  readonly head: number;
  /** Ref-counted; returns its undo. */
  watch(): () => void;
  /** The viewer may read the channel, perhaps again: what was closed or failed is opened anew. */
  reopen(): void;
}

export interface FeedOptions extends Pick<Context, 'clock' | 'random' | 'log' | 'connection' | 'subscribe'> {
  readonly channelId: string;
  readonly load: () => Promise<Snapshot>;
  readonly onSnapshot: (snapshot: Snapshot) => void;
  /** Logged events come strictly in order, each once. */
  readonly onEvent: (event: ChannelEvent) => void;
  readonly onStatus: (status: ChannelState['status'], error: ParleyError | null) => void;
}

const gapMs = 200;
/** After so long without a watcher a snapshot is cheaper than what was missed. */
const resumableMs = 60_000;
const gapsBeforeSnapshot = 3;
const askAgainMs = 1_000;

export function createFeed(options: FeedOptions): Feed {
  const { channelId, clock, log, connection, subscribe, load, onSnapshot, onEvent, onStatus } = options;
  const sequencer = createSequencer(0);
  const timer = createTimer(clock);
  const watchers = createWatchers(
    () => start(),
    () => leave(),
  );
  let status: ChannelState['status'] = 'idle';
  let failure: ParleyError | null = null;
  let applied = 0;
  /** Of the log that the snapshot and what followed are of; with the head it is the position to resume from. */
  let epoch = '';
  /** Of the log that the running subscription is of. */
  let streamEpoch = '';
  let gaps = 0;
  let loaded = false;
  let loading = false;
  let wasLive = false;
  let leftAt = 0;
  let stopEvents: (() => void) | null = null;
  let unlisten = (): void => {};

  const to = (next: ChannelState['status'], error: ParleyError | null = null): void => {
    status = next;
    failure = error;
    log('debug', `a channel is ${next}`, { channelId, seq: sequencer.head, code: error?.code });
    wasLive ||= next === 'live';
    onStatus(next, error);
  };
  const stop = (): void => {
    timer.clear();
    stopEvents?.();
    stopEvents = null;
  };
  const end = (next: 'closed' | 'failed', error: ParleyError): void => {
    stop();
    loaded = false;
    to(next, error);
  };
  const refuse = (error: ParleyError): void => {
    const lostAccess = wasLive && (error.code === 'forbidden' || error.code === 'not_found');
    end(lostAccess ? 'closed' : 'failed', error);
  };

  const apply = (events: readonly LoggedEvent[]): void => {
    for (const event of events) {
      gaps = 0;
      applied = event.seq;
      onEvent(event);
      if (event.__typename !== 'ChannelDeleted') continue;
      return void end('closed', new ParleyError('not_found', `unable to follow channel ${channelId}; it was deleted`));
    }
  };

  /** The server sends a log in order, so a hole means that something went missing: the log is read again from where it is whole. */
  const mendGap = (): void => {
    gaps += 1;
    log('info', 'events are missing', { channelId, after: sequencer.head });
    sequencer.forget();
    if (gaps >= gapsBeforeSnapshot) return void reload();
    to('resuming');
    followEvents();
  };
  const expectWhole = (): void => {
    if (sequencer.held === 0) timer.clear();
    else if (!timer.active) timer.set(mendGap, gapMs);
  };

  const receive = (event: ChannelEvent): void => {
    if (isLogged(event)) {
      apply(sequencer.offer(event));
      if (stopEvents !== null && !loading) expectWhole();
      return;
    }
    onEvent(event);
    if (event.__typename === 'ChannelReset') {
      streamEpoch = event.epoch;
      log('info', 'a channel has to be loaded anew', { channelId, seq: event.seq });
      reload();
      // What comes from now on may have lower positions than what is known.
      sequencer.restart();
    }
    if (event.__typename !== 'ChannelSynced' || loading) return;
    if (event.seq > sequencer.head) timer.set(mendGap, gapMs);
    else to('live');
  };

  const followEvents = (): void => {
    stop();
    streamEpoch = epoch;
    stopEvents = subscribe(channelEventsSubscription, () => ({ channelId, after: sequencer.head, epoch }), {
      next: ({ channelEvents }) => receive(eventOf(channelEvents)),
      error: refuse,
      // The server ends the stream of a channel only when there is nothing to follow; asking again says why.
      complete: () => timer.set(followEvents, askAgainMs),
    });
  };

  const onLoaded = (snapshot: Snapshot): void => {
    loading = false;
    loaded = true;
    gaps = 0;
    leftAt = clock.now();
    applied = snapshot.data.seq;
    epoch = snapshot.epoch;
    onSnapshot(snapshot);
    if (stopEvents !== null && streamEpoch !== epoch) {
      // The answer is of before the log was set back, or the events are: the server says once more which is the log now.
      stop();
      sequencer.restart();
      sequencer.startAfter(snapshot.data.seq);
      timer.set(followEvents, askAgainMs);
      return;
    }
    const ready = sequencer.startAfter(snapshot.data.seq);
    if (!watchers.any) return void sequencer.forget();
    if (stopEvents === null) return void followEvents();
    apply(ready);
    if (stopEvents === null) return;
    expectWhole();
    if (sequencer.held === 0) to('live');
  };
  const loader = createRetrying(
    options,
    async () => onLoaded(await load()),
    (error) => {
      if (error.retryable && watchers.any) return;
      loading = false;
      if (watchers.any) refuse(error);
    },
  );
  /** A new snapshot; what the events say meanwhile is held and applied after it. */
  const reload = (): void => {
    timer.clear();
    loading = true;
    sequencer.pause();
    to(loaded ? 'resuming' : 'loading');
    loader.run();
  };

  const onLink = (): void => {
    if (connection.link.get() === null) {
      timer.clear();
      if (status === 'live') to('resuming');
      return;
    }
    // A refused token is no fault of the channel: with another one it goes on.
    const mayGoOn = failure === null || failure.code === 'unauthenticated';
    if (mayGoOn && stopEvents === null && !loading) reload();
  };

  const start = (): void => {
    wasLive = false;
    unlisten = connection.link.subscribe(onLink);
    connection.need();
    if (!loading && loaded && clock.now() - leftAt <= resumableMs) {
      to('resuming');
      followEvents();
    } else {
      reload();
    }
  };
  const leave = (): void => {
    stop();
    unlisten();
    leftAt = clock.now();
    // A snapshot that is under way still serves whoever watches next.
    if (!loader.release()) {
      loading = false;
      sequencer.forget();
    }
    if (failure === null) to('idle');
  };

  return {
    reopen() {
      if (watchers.any && failure !== null && stopEvents === null && !loading) reload();
    },
    get head() {
      return applied;
    },
    watch: watchers.watch,
  };
}
