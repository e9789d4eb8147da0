import { type Place, placeKey } from './partition.ts';

/** A channel with the partition that it belongs to. */
export interface PendingChannel extends Place {
  readonly partition: number;
}

/** Channels that a consumer is behind in. Each is handled by one worker at a time, in the order in which they came. */
export interface PendingChannels {
  readonly waiting: number;
  /** False when there is no room: whoever looks for channels that are behind finds it again. */
  add(channel: PendingChannel): boolean;
  /** The next one, which is in hand from now on. */
  take(): PendingChannel | undefined;
  /** Ends what {@link take} began; `again` puts it at the end, as does an `add` while it was in hand. */
  done(channel: PendingChannel, again: boolean): void;
  /** Forgets what waits of the partition. */
  drop(partition: number): void;
  /** Channels of the partition that are in hand. */
  inHand(partition: number): number;
}

/** A queue that holds at most `most` channels that wait. */
export function createPendingChannels(most: number): PendingChannels {
  const waiting = new Map<string, PendingChannel>();
  /** By key: whether it was added again meanwhile. */
  const inHand = new Map<string, { readonly channel: PendingChannel; again: boolean }>();

  const add = (channel: PendingChannel): boolean => {
    const key = placeKey(channel);
    const own = inHand.get(key);
    if (own !== undefined) {
      own.again = true;
      return true;
    }
    if (!waiting.has(key) && waiting.size >= most) return false;
    waiting.set(key, channel);
    return true;
  };

  return {
    get waiting() {
      return waiting.size;
    },
    add,
    take() {
      const [next] = waiting;
      if (next === undefined) return undefined;
      const [key, channel] = next;
      waiting.delete(key);
      inHand.set(key, { channel, again: false });
      return channel;
    },
    done(channel, again) {
      const key = placeKey(channel);
      const own = inHand.get(key);
      inHand.delete(key);
      if (again || own?.again === true) add(channel);
    },
    drop(partition) {
      for (const [key, channel] of waiting) if (channel.partition === partition) waiting.delete(key);
    },
    inHand: (partition) => [...inHand.values()].filter(({ channel }) => channel.partition === partition).length,
  };
}
