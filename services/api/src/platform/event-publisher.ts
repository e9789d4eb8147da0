import { ParleyError } from '@parley/contracts';
import type { Bus, Logger } from '@parley/service-kit';
import { type EventBatch, publishBatch } from './event-batch.ts';
import type { LogEpoch } from './log-epoch.ts';
import type { Sql } from './sql.ts';

/** Publishes committed batches and deletes their rows of the outbox. The sweep does what fails here. */
export interface EventPublisher {
  /** Begins to publish at once, in the order of the calls. Never throws. */
  committed(batch: EventBatch): void;
  /** As `committed`, for a caller that deletes the row of the outbox itself. Resolves with whether the bus has the batch. */
  publish(batch: EventBatch): Promise<boolean>;
  /** The listener gets every batch that reached the bus. Returns a function that unsubscribes it. */
  onPublished(listener: (batch: EventBatch) => void): () => void;
  /** Waits for what is under way, up to 3 s; the sweep of another node does the rest. */
  drain(): Promise<void>;
}

/** One statement deletes the rows of many sends in this time, far shorter than the age at which the sweep takes a row for lost. */
const deleteAfterMs = 50;
const deletedAtOnce = 500;
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
  let published: EventBatch[] = [];
  let timer: NodeJS.Timeout | undefined;

  const track = (work: Promise<void>) => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };

  const deletePublished = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batches = published;
    published = [];
    if (batches.length === 0) return;
    await deleteFromOutbox(sql, batches).catch((error: unknown) =>
      logger.warn(
        { err: error, batches: batches.length },
        'unable to delete published events from the outbox; the sweep publishes them again',
      ),
    );
  };

  const publish = async (batch: EventBatch): Promise<boolean> => {
    try {
      await publishBatch(bus, batch, epoch.current);
    } catch (error) {
      const { appId, channelId } = batch;
      // No later attempt would do better; watchers notice the gap and ask for it.
      if (!(error instanceof ParleyError && error.code === 'payload_too_large')) return false;
      logger.error(
        { err: error, appId, channelId },
        'an event is too large for the bus; its watchers have to fetch it',
      );
    }
    for (const listener of listeners) {
      try {
        listener(batch);
      } catch (error) {
        logger.error({ err: error }, 'a listener to published events failed');
      }
    }
    return true;
  };

  return {
    publish,
    committed(batch) {
      track(
        publish(batch).then(async (reached) => {
          if (!reached) return;
          published.push(batch);
          if (published.length >= deletedAtOnce) await deletePublished();
          else timer ??= setTimeout(() => track(deletePublished()), deleteAfterMs);
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
      await deletePublished();
    },
  };
}

async function deleteFromOutbox(sql: Sql, batches: readonly EventBatch[]): Promise<void> {
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
