import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '@parley/service-kit';
import { createBatcher } from '../batcher.ts';
import { createJobs } from '../jobs.ts';
import type { Sql } from '../sql.ts';
import type { WholeEvents } from '../whole-events.ts';
import { type ConsumerCounts, createChannelWorker } from './channel-worker.ts';
import { type CursorMove, moveCursors } from './cursors.ts';
import type { Consumer } from './define-consumer.ts';
import { createLeases } from './leases.ts';
import { register } from './leases-repository.ts';
import { createLookout } from './lookout.ts';
import { type Place, partitionOf } from './partition.ts';
import { createPendingChannels } from './pending-channels.ts';
import { readChannels } from './read-channels.ts';

/** One consumer on one node. */
export interface ConsumerRunner {
  /** Resolves once it has its share of the partitions; what happens from then on it comes to. @throws unavailable */
  start(): Promise<void>;
  /** Hints that something happened in the channel, which it would find out by itself a little later. False: another node has to hear of it. */
  changed(place: Place): boolean;
  /** Partitions that this node works on. */
  readonly partitions: readonly number[];
  /** Lets batches in hand end, then gives its partitions to the other nodes. Harmless when repeated. */
  stop(): Promise<void>;
}

export interface ConsumerRunnerDependencies {
  readonly consumer: Consumer;
  readonly sql: Sql;
  readonly wholeEvents: WholeEvents;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly counts: ConsumerCounts;
  /** For how long a node that died keeps others from its share, ms. */
  readonly leaseMs: number;
}

/** Channels that wait to be handled; those for which there is no room are found again. */
const mostWaiting = 5_000;
const lookEveryMs = 1_000;
/** Batches in hand may end within this; the rest is aborted, and comes again on another node. */
const drainMs = 3_000;
const together = 32;

export function createConsumerRunner(dependencies: ConsumerRunnerDependencies): ConsumerRunner {
  const { consumer, sql, wholeEvents, clock, logger, counts, leaseMs } = dependencies;
  const { scope, concurrency, batchEvents } = consumer;
  const runnerId = randomUUID();
  const stopping = new AbortController();
  const jobs = createJobs({ clock, logger });
  const queue = createPendingChannels(mostWaiting);
  const working = new Set<Promise<void>>();
  let draining = false;
  let firstLook: Promise<void> = Promise.resolve();
  let stopped: Promise<void> | undefined;

  const leases = createLeases({
    sql,
    clock,
    logger,
    consumer,
    runnerId,
    leaseMs,
    busy: (partition) => queue.inHand(partition) > 0,
    onGone: queue.drop,
  });
  const lookout = createLookout({
    sql,
    consumer,
    clock,
    held: () => leases.held,
    found(channel) {
      const taken = queue.add(channel);
      pump();
      return taken;
    },
  });
  const work = createChannelWorker({
    consumer,
    leases,
    clock,
    logger,
    counts,
    stopped: stopping.signal,
    read: createBatcher({
      ask: (places: readonly Place[]) =>
        readChannels({ sql, wholeEvents, consumer: consumer.name, batchEvents }, places),
      most: together,
      concurrency: 1,
    }),
    move: createBatcher({
      ask: (moves: readonly CursorMove[]) => moveCursors(sql, consumer.name, moves),
      most: together,
      concurrency: 1,
    }),
  });

  function pump(): void {
    while (!draining && working.size < concurrency) {
      const channel = queue.take();
      if (channel === undefined) break;
      const done = work(channel)
        .catch((error: unknown) => {
          // The database was away: the cursor is where it was, or where it should be, and the next look finds out.
          logger.warn(
            { err: error, consumer: consumer.name },
            'a consumer was interrupted; it goes on from its cursor',
          );
          return false;
        })
        .then((more) => {
          working.delete(done);
          queue.done(channel, more && leases.of(channel.partition) !== undefined);
          pump();
        });
      working.add(done);
    }
    if (queue.waiting <= mostWaiting / 2) lookout.roomAgain();
  }

  const drain = async () => {
    draining = true;
    lookout.stop();
    await Promise.all([jobs.stop(), firstLook]);
    let timer: unknown;
    const patience = new Promise<void>((resolve) => {
      timer = clock.setTimeout(() => {
        stopping.abort();
        resolve();
      }, drainMs);
    });
    await Promise.race([Promise.all(working), patience]);
    clock.clearTimeout(timer);
    // What is still in hand cannot move its cursor any more once others have the partition.
    await leases.close().catch((error: unknown) => {
      logger.warn({ err: error, consumer: consumer.name }, 'a consumer could not give up its leases; they run out');
    });
  };

  return {
    async start() {
      await register(sql, consumer);
      await leases.beat();
      jobs.every(`leases of ${consumer.name}`, leaseMs / 5, async () => {
        leases.expire();
        await leases.beat().finally(leases.expire);
      });
      jobs.every(`look what ${consumer.name} is behind in`, lookEveryMs, lookout.look);
      firstLook = lookout.look().catch((error: unknown) => {
        logger.warn(
          { err: error, consumer: consumer.name },
          'a consumer could not look what it is behind in; it looks again',
        );
      });
    },
    changed(place) {
      if (scope !== 'all' && scope.appId !== place.appId) return true;
      const partition = partitionOf(place);
      if (leases.of(partition) === undefined) return false;
      queue.add({ ...place, partition });
      pump();
      return true;
    },
    get partitions() {
      return leases.held.map(({ partition }) => partition);
    },
    stop() {
      stopped ??= drain();
      return stopped;
    },
  };
}
