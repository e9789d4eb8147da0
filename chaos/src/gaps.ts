import type { BusFault } from '@parley/testkit';

/** What was withheld from one side, by channel subject. */
export interface Withheld {
  note(fault: BusFault): void;
  /** Count of gaps: each is a run of consecutive events of one channel that were withheld. */
  gaps(): number;
}

/** Collects the copies of logged events that the bus withheld. */
export function createWithheld(): Withheld {
  const seqs = new Map<string, Set<number>>();
  return {
    note({ kind, subject, payload }) {
      if (kind === 'duplicated' || !subject.includes('.channel.')) return;
      for (const seq of seqsOf(payload)) seqs.set(subject, (seqs.get(subject) ?? new Set()).add(seq));
    },
    gaps: () => [...seqs.values()].reduce((sum, missing) => sum + gapsIn(missing), 0),
  };
}

/** Consecutive missing numbers are one gap. */
export function gapsIn(numbers: ReadonlySet<number>): number {
  return [...numbers].filter((number) => !numbers.has(number - 1)).length;
}

function seqsOf(payload: string): number[] {
  const message: unknown = JSON.parse(payload);
  if (typeof message !== 'object' || message === null || !('events' in message) || !Array.isArray(message.events))
    return [];
  return message.events.flatMap((event: unknown) =>
    typeof event === 'object' && event !== null && 'seq' in event && typeof event.seq === 'number' ? [event.seq] : [],
  );
}
