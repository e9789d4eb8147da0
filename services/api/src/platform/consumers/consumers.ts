import type { Bus, Clock, Health, Logger, Metrics } from '@parley/service-kit';
import { createJobs } from '../jobs.ts';
import type { Sql } from '../sql.ts';
import type { WholeEvents } from '../whole-events.ts';
import { createChangeHints } from './change-hints.ts';
import { type ConsumerRunner, createConsumerRunner } from './consumer-runner.ts';
import type { Consumer } from './define-consumer.ts';
import { type ConsumerStatus, readStatus } from './lag.ts';
import type { Place } from './partition.ts';
import { createStatementGate } from './statement-gate.ts';

/** The consumers of one node. */
export interface Consumers {
  /** @throws unavailable */
  start(): Promise<void>;
  /** Hints that something happened in the channel. Never throws. */
  changed(place: Place): void;
  /** As of a few seconds ago, of all nodes together. */
  readonly status: readonly ConsumerStatus[];
  /** Harmless when repeated. */
  stop(): Promise<void>;
}

export interface ConsumersDependencies {
  readonly consumers: readonly Consumer[];
  readonly sql: Sql;
  readonly bus: Bus;
  readonly wholeEvents: WholeEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Pick<Health, 'warn'>;
  /** For how long a node that died keeps others from its share, ms. */
  readonly leaseMs: number;
}

const statusEveryMs = 2_000;
/** Nobody has looked at the log for so long: no node runs the consumer, or none gets on. */
const unseenMs = 120_000;
/** Statements of all consumers of a node at once. */
const statementsAtOnce = 4;

/** Composes the consumers of a node. Without any it does nothing at all. */
export function createConsumers(dependencies: ConsumersDependencies): Consumers {
  const { consumers, bus, clock, logger, metrics, health } = dependencies;
  if (consumers.length === 0)
    return { start: async () => undefined, changed: () => undefined, status: [], stop: async () => undefined };
  const sql = createStatementGate(dependencies.sql, statementsAtOnce);
  const names = consumers.map(({ name }) => name);
  const counters = createCounters(metrics);
  const runners: ConsumerRunner[] = consumers.map((consumer) =>
    createConsumerRunner({ ...dependencies, sql, consumer, counts: counters(consumer.name) }),
  );
  const jobs = createJobs({ clock, logger });
  const hints = createChangeHints({
    bus,
    clock,
    logger,
    // Every one of them has to hear of it.
    changed: (place) => runners.filter((runner) => !runner.changed(place)).length === 0,
  });
  let status: readonly ConsumerStatus[] = [];

  const refresh = async () => {
    status = await readStatus(sql, names);
  };
  const figures: readonly [string, string, (own: ConsumerStatus) => number][] = [
    ['parley_consumer_lag_events', 'Events that the consumer has not handled.', ({ lagEvents }) => lagEvents],
    [
      'parley_consumer_lag_seconds',
      'Age of the oldest event that the consumer has not handled.',
      ({ lagMs }) => lagMs / 1_000,
    ],
    [
      'parley_consumer_unseen_seconds',
      'How long ago a node last looked at the whole log for it.',
      (own) => own.unseenMs / 1_000,
    ],
    ['parley_consumer_parked_channels', 'Channels in which the consumer failed too often.', ({ parked }) => parked],
  ];
  for (const [name, help, value] of figures)
    metrics.gauge({
      name,
      help: `${help} Of all nodes together.`,
      labels: ['consumer'],
      collect: (gauge) => {
        for (const own of status) gauge.set({ consumer: own.consumer }, value(own));
      },
    });
  for (const { name, lagWarningMs } of consumers)
    health.warn(`consumer ${name}`, () => {
      const own = status.find(({ consumer }) => consumer === name);
      return own === undefined ? null : warningOf(own, lagWarningMs);
    });

  return {
    async start() {
      await Promise.all(runners.map((runner) => runner.start()));
      await refresh();
      jobs.every('read how far consumers are', statusEveryMs, refresh);
    },
    changed: hints.changed,
    get status() {
      return status;
    },
    async stop() {
      hints.close();
      await jobs.stop();
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

function warningOf(
  { lagEvents, lagMs, unseenMs: unseen, parked }: ConsumerStatus,
  lagWarningMs: number,
): string | null {
  if (unseen > unseenMs) return `no node has looked at the log for ${Math.round(unseen / 1_000)} s`;
  if (lagMs > lagWarningMs) return `it is ${Math.round(lagMs / 1_000)} s and ${lagEvents} events behind`;
  return parked > 0 ? `it is parked in ${parked} channels` : null;
}

function createCounters(metrics: Metrics) {
  const labels = ['consumer'] as const;
  const handled = metrics.counter({
    name: 'parley_consumer_events_total',
    help: 'Events that this node handled for the consumer.',
    labels,
  });
  const failures = metrics.counter({
    name: 'parley_consumer_failures_total',
    help: 'Batches that the consumer failed at on this node.',
    labels,
  });
  const missed = metrics.counter({
    name: 'parley_consumer_missed_total',
    help: 'Events that were pruned before the consumer came to them.',
    labels,
  });
  return (consumer: string) => ({
    handled: (events: number) => handled.inc({ consumer }, events),
    failed: () => failures.inc({ consumer }),
    missed: (events: number) => missed.inc({ consumer }, events),
  });
}
