import { type ConsumedBatch, type Consumer, defineConsumer } from '@parley/api';
import type { Relayed } from '../outbox/relay-check.ts';

/** Most events of a batch, and channels at once on a node: what a kill may make come again. */
export const batchEvents = 5;
export const concurrency = 4;
/** So short that the share of a dead node is taken over within a test. */
export const leaseMs = 1_000;

/** A consumer that hands on the marks of what it is given; those that the writers of the relay tests put into their events. */
export function markedConsumer(
  name: string,
  appId: string,
  given: (events: readonly Relayed[]) => Promise<void> | void,
  more: { readonly batchEvents?: number } = {},
): Consumer {
  return defineConsumer({
    name,
    start: 'earliest',
    scope: { appId },
    batchEvents,
    concurrency,
    ...more,
    handle: async (batch) => given(marksIn(batch)),
    missed: async ({ channelId }) => {
      throw new Error(`events of ${channelId} were missed; nothing is pruned here`);
    },
  });
}

/** Other events have none. */
const marksIn = ({ channelId, events }: ConsumedBatch): Relayed[] =>
  events.flatMap((event) =>
    event.__typename === 'MembersRemoved' ? [{ channelId, seq: event.seq, mark: event.memberCount }] : [],
  );
