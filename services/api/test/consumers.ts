import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, silentLogger, systemClock } from '@parley/service-kit';
import { wholeEvents } from '../src/modules/messages/whole-events.ts';
import { type ConsumerRunner, createConsumerRunner } from '../src/platform/consumers/consumer-runner.ts';
import {
  type ConsumedBatch,
  type Consumer,
  type ConsumerOptions,
  defineConsumer,
  type MissedEvents,
} from '../src/platform/consumers/define-consumer.ts';
import type { Sql } from '../src/platform/sql.ts';
import type { Node } from './ground.ts';

/** A consumer of a test's own, that remembers what it was given. */
export interface TestConsumer {
  readonly consumer: Consumer;
  readonly batches: readonly ConsumedBatch[];
  readonly missed: readonly MissedEvents[];
  /** The places in the log that it was given, in that order. */
  seqs(channelId: string): readonly number[];
  /** Another node that runs it. It is notified of changes as a node is. */
  run(node: Node, options?: RunOptions): Promise<ConsumerRunner>;
}

export interface RunOptions {
  readonly clock?: Clock;
  readonly leaseMs?: number;
  readonly logger?: Logger;
  /** What stands between the consumer and the database. */
  readonly wrap?: (sql: Sql) => Sql;
}

export function createTestConsumer(appId: string, options: Partial<ConsumerOptions> = {}): TestConsumer {
  const batches: ConsumedBatch[] = [];
  const missed: MissedEvents[] = [];
  const consumer = defineConsumer({
    name: `test-${randomUUID()}`,
    start: 'earliest',
    scope: { appId },
    retryMs: 1,
    missed: async (gap) => void missed.push(gap),
    ...options,
    async handle(batch, context) {
      await options.handle?.(batch, context);
      batches.push(batch);
    },
  });
  return {
    consumer,
    batches,
    missed,
    seqs: (channelId) =>
      batches.filter((batch) => batch.channelId === channelId).flatMap(({ events }) => events.map(({ seq }) => seq)),
    async run(node, { clock = systemClock, leaseMs = 10_000, logger = silentLogger(), wrap = (sql: Sql) => sql } = {}) {
      const runner = createConsumerRunner({
        consumer,
        sql: wrap(node.db),
        wholeEvents,
        clock,
        leaseMs,
        logger,
        counts: { handled: () => undefined, failed: () => undefined, missed: () => undefined },
      });
      node.onPublished(runner.changed);
      await runner.start();
      return runner;
    },
  };
}

/** `from` to `to`, as a log has them. */
export const upTo = (to: number, from = 1): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
