import type { Clock } from '@parley/service-kit';
import type { Sql } from '../sql.ts';
import { type BehindChannel, behindPage } from './behind-channels.ts';
import type { Consumer } from './define-consumer.ts';
import { addLag, type PartitionLag, storeLag } from './lag.ts';
import type { LeaseToken } from './leases-repository.ts';
import type { Place } from './partition.ts';
import type { PendingChannel } from './pending-channels.ts';

/** Goes through the channels of the partitions that a node holds, finds those that are behind, and measures how far. */
export interface Lookout {
  /** One round through all channels, unless it is too soon after the last one. @throws unavailable */
  look(): Promise<void>;
  /** Channels that found no room in the last round may have some now. */
  roomAgain(): void;
  /** Ends the round under way after its page, and begins no other. */
  stop(): void;
}

export interface LookoutDependencies {
  readonly sql: Sql;
  readonly consumer: Pick<Consumer, 'name' | 'scope'>;
  readonly clock: Clock;
  readonly held: () => readonly LeaseToken[];
  /** Takes a channel that is to be handled; false: there is no room. */
  readonly found: (channel: PendingChannel) => boolean;
}

/** A round rests so many times as long as it took: a million channels cost a tenth of one connection. */
const restFactor = 10;

export function createLookout({ sql, consumer, clock, held, found }: LookoutDependencies): Lookout {
  let notBefore = 0;
  let looking = false;
  let full = false;
  let stopped = false;
  let lookedAt: ReadonlySet<number> = new Set();
  /** Where a round begins: where there was no room in the last one, so that every channel gets its turn. */
  let from: Place | null = null;

  const round = async (mine: readonly LeaseToken[]) => {
    const partitions = mine.map(({ partition }) => partition);
    const lags = new Map<number, PartitionLag>();
    let begin = from;
    full = false;
    for await (const channel of behindChannels(sql, consumer, partitions, from)) {
      if (stopped) return;
      addLag(lags, channel);
      const { appId, channelId, partition, due } = channel;
      if (!due) continue;
      if (!found({ appId, channelId, partition })) full = true;
      else if (!full) begin = { appId, channelId };
    }
    from = full ? begin : null;
    await storeLag(sql, consumer.name, mine, lags);
    lookedAt = new Set(partitions);
  };

  return {
    async look() {
      const mine = held();
      // What was taken over from another node has waited long enough.
      const isNew = mine.some(({ partition }) => !lookedAt.has(partition));
      if (stopped || looking || mine.length === 0 || (clock.now() < notBefore && !isNew)) return;
      looking = true;
      const startedAt = clock.now();
      try {
        await round(mine);
      } finally {
        looking = false;
        notBefore = clock.now() + restFactor * (clock.now() - startedAt);
      }
    },
    roomAgain() {
      if (full) notBefore = 0;
    },
    stop() {
      stopped = true;
    },
  };
}

/** All that are behind, in the order of their ids, which begins after `from` and comes round to it. */
async function* behindChannels(
  sql: Sql,
  consumer: LookoutDependencies['consumer'],
  partitions: readonly number[],
  from: Place | null,
): AsyncGenerator<BehindChannel> {
  const between = async function* (after: Place | null, until: Place | null) {
    let at = after;
    do {
      const { behind, next } = await behindPage(sql, consumer, partitions, at);
      for (const channel of behind) {
        if (until !== null && isAfter(channel, until)) return;
        yield channel;
      }
      at = next;
    } while (at !== null && (until === null || !isAfter(at, until)));
  };
  yield* between(from, null);
  if (from !== null) yield* between(null, from);
}

const isAfter = (one: Place, other: Place): boolean =>
  one.appId > other.appId || (one.appId === other.appId && one.channelId > other.channelId);
