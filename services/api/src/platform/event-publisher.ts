import { ParleyError } from '@parley/contracts';
import type { Bus, Logger } from '@parley/service-kit';
import { type EventBatch, publishBatch } from './event-batch.ts';
import type { LogEpoch } from './log-epoch.ts';
import type { Sql } from './sql.ts';

/** Publishes what was committed, and strikes it from the outbox. What does not succeed here is left to the sweep. */
export interface EventPublisher {
  /** Begins to publish at once, in the order of the calls. Never throws. */
  committed(batch: EventBatch): void;
  /** As `committed`, for a caller that strikes the outbox itself: says whether the bus has it. */
  publish(batch: EventBatch): Promise<boolean>;
  /** Told every batch that reached the bus. Returns its undo. */
  onPublished(listener: (batch: EventBatch) => void): () => void;
  /** Waits for what is under way, up to 3 s; the sweep of another node does the rest. */
  drain(): Promise<void>;
}

/** Long enough to strike many sends at once, far shorter than the age at which the sweep takes a row for lost. */
const strikeAfterMs = 50;
const struckAtOnce = 500;
const drainMs = 3_000;

export interface EventPublisherDependencies {
  readonly bus: Bus;
  readonly sql: Sql;
  readonly logger: Logger;
  readonly epoch: Pick<LogEpoch, 'current'>;
}

export function createEventPublisher({ bus, sql, logger, epoch }: EventPublisherDependencies): EventPublisher {
  const listeners = new Set<(batch: EventBatch) => void>();
  const underWay = new Set<Promise<void>>();
  let struck: EventBatch[] = [];
  let timer: NodeJS.Timeout | undefined;

  const track = (work: Promise<void>) => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };

  const strike = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batches = struck;
    struck = [];
    if (batches.length === 0) return;
    await strikeFromOutbox(sql, batches).catch((err: unknown) =>
      logger.warn(
        { err, batches: batches.length },
        'unable to strike published events from the outbox; the sweep publishes them again',
      ),
    );
  };

  const publish = async (batch: EventBatch): Promise<boolean> => {
    try {
      await publishBatch(bus, batch, epoch.current);
    } catch (err) {
      const { appId, channelId } = batch;
      // No later attempt would do better; watchers notice the gap and ask for it.
      if (!(err instanceof ParleyError && err.code === 'payload_too_large')) return false;
      logger.error({ err, appId, channelId }, 'an event is too large for the bus; its watchers have to fetch it');
    }
    for (const listener of listeners) {
      try {
        listener(batch);
      } catch (err) {
        logger.error({ err }, 'a listener to published events failed');
      }
    }
    return true;
  };

  return {
    publish,
    committed(batch) {
      track(
        publish(batch).then(async (published) => {
          if (!published) return;
          struck.push(batch);
          if (struck.length >= struckAtOnce) await strike();
          else timer ??= setTimeout(() => track(strike()), strikeAfterMs);
        }),
      );
    },
    onPublished(listener) {
      const own = (batch: EventBatch) => listener(batch);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    async drain() {
      let limit: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        limit = setTimeout(resolve, drainMs);
      });
      await Promise.race([Promise.all(underWay), patience]);
      clearTimeout(limit);
      await strike();
    },
  };
}

async function strikeFromOutbox(sql: Sql, batches: readonly EventBatch[]): Promise<void> {
  await sql.query(
    `DELETE FROM outbox o USING unnest($1::text[], $2::text[], $3::bigint[]) AS k (app_id, channel_id, first_seq)
      WHERE o.app_id = k.app_id AND o.channel_id = k.channel_id AND o.first_seq = k.first_seq`,
    [
      batches.map((batch) => batch.appId),
      batches.map((batch) => batch.channelId),
      batches.map((batch) => batch.events[0]?.seq ?? 0),
    ],
  );
}
