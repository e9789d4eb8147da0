import { type LoggedEvent, ParleyError } from '@parley/contracts';

/** Consecutive events of one channel, in the order of `seq` and without a hole. */
export interface ConsumedBatch {
  readonly appId: string;
  readonly channelId: string;
  /** Of the log. `epoch`, `channelId` and `seq` name an event for good, so they make an idempotency key. */
  readonly epoch: string;
  /** Whole, as the log has them now: an event of a message that was edited meanwhile says what the message says now. */
  readonly events: readonly LoggedEvent[];
}

/** Events that were pruned from the log before the consumer came to them. */
export interface MissedEvents {
  readonly appId: string;
  readonly channelId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Arguments of a handler besides its events. */
export interface HandleContext {
  /** Aborts when time is up, when another node has the channel, or when the node stops. A handler that goes on may run beside the next one. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** A reader of the log with a cursor of its own in the database. */
export interface ConsumerOptions {
  /** Names its cursors, so it stays for the life of the consumer: lower case letters, digits and dashes. */
  readonly name: string;
  /** Where it begins when it is started for the first time: at what happens from then on, or at the first event of each log, of which what is pruned is `missed`. */
  readonly start: 'head' | 'earliest';
  /** The channels that it reads. */
  readonly scope: 'all' | { readonly appId: string };
  /** Resolves once the events need not come again. At least once: they come again after a crash. Throws to be tried again later. */
  handle(batch: ConsumedBatch, context: HandleContext): Promise<void>;
  /** As `handle`, for events that nobody can read any more. */
  missed(missed: MissedEvents, context: HandleContext): Promise<void>;
  /** Channels that a node handles at once; 4 when absent. */
  readonly concurrency?: number;
  /** Most events in a batch; 100 when absent. */
  readonly batchEvents?: number;
  /** Time for one batch, in ms; 30,000 when absent. */
  readonly handleTimeoutMs?: number;
  /** Failed attempts after which the channel is parked; 20 when absent, which takes over two hours. */
  readonly maxAttempts?: number;
  /** Wait after the first failed attempt, in ms, doubled with each further one up to ten minutes; 1,000 when absent. */
  readonly retryMs?: number;
  /** A consumer that is further behind, in ms, is a warning on /readyz; 300,000 when absent. */
  readonly lagWarningMs?: number;
}

/** A consumer as {@link defineConsumer} checked it. */
export type Consumer = Required<ConsumerOptions>;

const bounds = {
  concurrency: [1, 64],
  batchEvents: [1, 100],
  handleTimeoutMs: [1, 600_000],
  maxAttempts: [1, 100],
  retryMs: [1, 600_000],
  lagWarningMs: [1, 86_400_000],
} as const;

const bounded = Object.keys(bounds) as (keyof typeof bounds)[];

/** Checks a consumer and fills in what it leaves out. @throws invalid_input */
export function defineConsumer(options: ConsumerOptions): Consumer {
  const consumer: Consumer = {
    concurrency: 4,
    batchEvents: 100,
    handleTimeoutMs: 30_000,
    maxAttempts: 20,
    retryMs: 1_000,
    lagWarningMs: 300_000,
    ...options,
  };
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(consumer.name))
    throw invalid('name', 'name has to be 1 to 63 lower case letters, digits and dashes, and begin with a letter', 63);
  for (const field of bounded) {
    const [least, most] = bounds[field];
    const value = consumer[field];
    if (!Number.isInteger(value) || value < least || value > most)
      throw invalid(field, `${field} has to be a whole number from ${least} to ${most}`, most);
  }
  return consumer;
}

const invalid = (field: string, why: string, limit: number) =>
  new ParleyError('invalid_input', `unable to define the consumer; ${why}`, { field, limit });
