import { ParleyError } from '@parley/contracts';
import { type Clock, type Logger, textOfThrown, toError } from '@parley/service-kit';
import { runHandler } from '../run-handler.ts';
import type { CursorMove } from './cursors.ts';
import type { Consumer } from './define-consumer.ts';
import type { Lease, Leases } from './leases.ts';
import type { Place } from './partition.ts';
import type { PendingChannel } from './pending-channels.ts';
import type { ConsumerPage } from './read-channels.ts';

/** What happened to batches, for the metrics. */
export interface ConsumerCounts {
  handled(events: number): void;
  failed(): void;
  missed(events: number): void;
}

export interface ChannelWorkerDependencies {
  readonly consumer: Consumer;
  readonly leases: Pick<Leases, 'of' | 'lost'>;
  readonly read: (place: Place) => Promise<ConsumerPage | null>;
  readonly move: (move: CursorMove) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly counts: ConsumerCounts;
  /** Aborts when the node stops for good. */
  readonly stopped: AbortSignal;
}

const longestRetryMs = 600_000;
const errorLength = 2_000;

/** Handles what comes next in one channel; resolves with whether there is more to do there at once. */
export type ChannelWorker = (channel: PendingChannel) => Promise<boolean>;

export function createChannelWorker(dependencies: ChannelWorkerDependencies): ChannelWorker {
  const { consumer, leases, read, move, clock, logger, counts, stopped } = dependencies;

  const moved = async (lease: Lease, change: Omit<CursorMove, 'lease'>): Promise<boolean> => {
    if (await move({ ...change, lease })) return true;
    // Whoever has the partition now goes on from where the cursor is.
    leases.lost(lease);
    return false;
  };

  const failed = async (lease: Lease, place: Place, page: ConsumerPage, thrown: unknown) => {
    // Nobody is to blame for what was taken away in the middle.
    if (lease.signal.aborted || stopped.aborted) return;
    counts.failed();
    const { position, floor, attempts, events } = page;
    const missed = position < floor;
    // Nobody knows yet which event of several is the bad one. They come singly next, and the first of them has an attempt left.
    const alone = missed || events.length === 1;
    const attempt = alone ? attempts + 1 : Math.min(attempts + 1, consumer.maxAttempts - 1);
    const parked = attempt >= consumer.maxAttempts;
    const written = await moved(lease, {
      ...place,
      seq: position,
      attempts: attempt,
      singleUntil: missed ? 0 : (events.at(-1)?.seq ?? 0),
      retryMs: parked ? 0 : Math.min(longestRetryMs, consumer.retryMs * 2 ** attempts),
      parked: parked ? { lastSeq: missed ? floor : position + 1, error: textOf(thrown) } : null,
    });
    if (!written) return;
    // After the cursor: what a handler throws may be such that it cannot be logged either.
    const about = { err: toError(thrown), consumer: consumer.name, ...place, seq: position + 1, attempt };
    if (parked) logger.error(about, 'a consumer failed too often; the channel is parked until somebody decides');
    else logger.warn(about, 'a consumer failed; it is tried again');
  };

  return async ({ partition, appId, channelId }) => {
    const place = { appId, channelId };
    const page = await read(place);
    // Looked up after the read, so that a node that stood still meanwhile begins nothing.
    const lease = leases.of(partition);
    if (page === null || lease === undefined) return false;
    const { epoch, position, floor, head, attempts, events } = page;
    const seq = position < floor ? floor : (events.at(-1)?.seq ?? position);
    if (seq === position) return false;
    const signals = [lease.signal, stopped];
    try {
      await runHandler(
        { clock, timeoutMs: consumer.handleTimeoutMs, task: 'handle the events', signals },
        async (signal) => {
          const context = { signal, attempt: attempts + 1 };
          if (position < floor) await consumer.missed({ ...place, firstSeq: position + 1, lastSeq: floor }, context);
          else await consumer.handle({ ...place, epoch, events }, context);
        },
      );
    } catch (error) {
      await failed(lease, place, page, error);
      return false;
    }
    if (!(await moved(lease, { ...place, seq, attempts: 0, singleUntil: 0, retryMs: 0, parked: null }))) return false;
    if (position < floor) counts.missed(floor - position);
    else counts.handled(events.length);
    return seq < head;
  };
}

/** For the operator, who decides what becomes of the channel. */
function textOf(thrown: unknown): string {
  const error = toError(thrown);
  const text = error instanceof ParleyError ? `${error.code}: ${error.message}` : textOfThrown(thrown);
  // A text column holds everything but this one.
  return text.replaceAll('\u0000', '\uFFFD').slice(0, errorLength);
}
