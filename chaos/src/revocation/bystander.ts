import { openRawWatch, type RawWatch, type RawWatchOptions, type SeenEvent } from '../workload/raw-watch.ts';

/** Ends after which a client resumes where it was: a node could not confirm a right in time, or cut an event stream short. */
export const retryable: ReadonlySet<number | string> = new Set(['timeout', 'unavailable', 'cut']);

/** Somebody whose rights stay. It resumes as a client does, and what it receives must have no hole. */
export interface Bystander {
  readonly synced: Promise<void>;
  /** Of every subscription, as they came. */
  events(): readonly SeenEvent[];
  /** What went wrong, given the newest position of the channel. */
  faults(head: number): readonly string[];
  close(): void;
}

export function openBystander(options: RawWatchOptions): Bystander {
  const watches: RawWatch[] = [];
  let closed = false;
  const events = () => watches.flatMap((watch) => watch.events);
  const open = (after?: number): RawWatch => {
    const watch = openRawWatch({ ...options, ...(after === undefined ? {} : { after }) });
    watches.push(watch);
    void watch.ended.then(({ code }) => {
      if (!closed && retryable.has(code)) open(events().at(-1)?.seq ?? 0);
    });
    return watch;
  };
  const { synced } = open();
  return {
    synced,
    events,
    faults(head) {
      const end = watches.at(-1)?.end;
      if (end !== undefined) return [`somebody else was cut off with ${end.code}`];
      const seen = events();
      const first = seen[0]?.seq ?? 0;
      if (!seen.every(({ seq }, index) => seq === first + index)) return ['somebody else has a hole'];
      return (seen.at(-1)?.seq ?? 0) < head - 1 ? ['somebody else fell behind'] : [];
    },
    close() {
      closed = true;
      for (const watch of watches) watch.close();
    },
  };
}
