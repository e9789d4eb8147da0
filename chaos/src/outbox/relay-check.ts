/** One event of a channel's log, as a writer committed it or a relay gave it out. `mark` is in the world once. */
export interface Relayed {
  readonly channelId: string;
  readonly seq: number;
  readonly mark: number;
}

/** How a relay did. */
export interface RelayVerdict {
  readonly committed: number;
  /** Committed and never given out. */
  readonly lost: number;
  /** Given out more than once: harmless, since receivers know a `seq` that they had. */
  readonly repeated: number;
  /** Given out, and never committed. */
  readonly phantom: number;
  /** Given out for the first time after a later event of the same channel. */
  readonly late: number;
}

/** Holds what a relay gave out, in its order, against what was committed. */
export function judgeRelay(committed: readonly Relayed[], given: readonly Relayed[]): RelayVerdict {
  const due = new Set(committed.map(keyOf));
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  let repeated = 0;
  let phantom = 0;
  let late = 0;
  for (const event of given) {
    const key = keyOf(event);
    if (!due.has(key)) phantom += 1;
    else if (seen.has(key)) repeated += 1;
    else {
      seen.add(key);
      const head = newest.get(event.channelId) ?? 0;
      if (event.seq < head) late += 1;
      newest.set(event.channelId, Math.max(head, event.seq));
    }
  }
  return { committed: due.size, lost: due.size - seen.size, repeated, phantom, late };
}

const keyOf = ({ channelId, seq, mark }: Relayed): string => `${channelId} ${seq} ${mark}`;
