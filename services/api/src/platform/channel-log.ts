import { ParleyError } from '@parley/contracts';
import type { StallGuard } from '@parley/service-kit';
import type { ChannelCommand } from './channel-command.ts';
import type { Db } from './db.ts';
import type { EventPublisher } from './event-publisher.ts';
import { type Heads, readHeads } from './log-heads.ts';
import { pruneLogs } from './retention.ts';
import { createWriteScheduler } from './write-scheduler.ts';

export type { ChannelCommand, ChannelTransaction } from './channel-command.ts';

/** The send path: the only way into a channel's log. */
export interface ChannelLog {
  /**
   * Carries out the command with the channel's row locked, commits, then publishes what it appended. Commands that arrive while the channel is busy share the next transaction, and so do rows to insert into any channel.
   * @throws not_found (no such channel, or deleted), unavailable (nothing was written), timeout (the outcome is unknown), and what the command throws
   */
  write<T, Row = unknown>(appId: string, channelId: string, command: ChannelCommand<T, Row>): Promise<T>;
  heads(channels: readonly { readonly appId: string; readonly channelId: string }[]): Promise<Heads>;
  /** Deletes events older than `days`, raising the floor; resolves with the count of those deleted. Messages stay. */
  prune(days: number): Promise<number>;
  /** Waits for commands in hand and for what waits to be published. Refuses new ones. */
  close(): Promise<void>;
}

interface ChannelLogDependencies {
  readonly db: Db;
  readonly publisher: EventPublisher;
  /** Looked at again here: the node may have stood still after the request was let in, while it was asked what its caller may. */
  readonly stall: Pick<StallGuard, 'admit'>;
  /** How long a command waits for its turn, ms; 1,700 when absent: with the 3 s that a turn then waits for a lock it is answered within 5 s. */
  readonly patienceMs?: number;
  /** Commands that wait on this node for any channel; 20,000 when absent. */
  readonly commandsWaitingInAll?: number;
  /** Most transactions at once that may wait for the row of a channel that somebody else holds; 10 when absent. Fewer than there are connections. */
  readonly ownTransactions?: number;
}

export function createChannelLog({
  db,
  publisher,
  stall,
  patienceMs = 1_700,
  commandsWaitingInAll = 20_000,
  ownTransactions = 10,
}: ChannelLogDependencies): ChannelLog {
  const onCommitted = publisher.committed;
  const scheduler = createWriteScheduler({ db, onCommitted, patienceMs, commandsWaitingInAll, ownTransactions });
  let closed = false;

  return {
    write<T, Row>(appId: string, channelId: string, given: ChannelCommand<T, Row>) {
      if (closed) return Promise.reject(stopping());
      // Rows go from the command to its own kind of rows, which know their type.
      const command = given as ChannelCommand<unknown, never>;
      return new Promise<T>((resolve, reject) => {
        stall.admit();
        // Resolved with the result of this very command, whose type the scheduler does not know.
        scheduler.add({ appId, channelId, command, resolve: (value) => resolve(value as T), reject });
      });
    },
    heads: (channels) => readHeads(db, channels),
    prune: (days) => pruneLogs(db, days),
    async close() {
      closed = true;
      await scheduler.idle();
      await publisher.drain();
    },
  };
}

const stopping = () =>
  new ParleyError('unavailable', 'unable to write; the server is stopping', { retryAfterMs: 1_000 });
