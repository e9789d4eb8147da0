import type { DateTime } from '@parley/contracts';

/** A change shows when its transaction commits, and bears the time at which that began; transactions live for ten seconds at most. */
export const overlapMs = 12_000;
/** Who asks again after longer than this missed more than the bus can have lost unnoticed. */
const longestMs = 10 * 60_000;

/** Between which times of the database to look for changes, and from where on the next look has to begin. */
export interface RecentWindow {
  readonly since: DateTime;
  readonly until: DateTime;
  readonly nextSince: DateTime;
}

/** `now`: the database's time; `since`: what the last look gave as `nextSince`; `quietMs`: how old a change has to be. */
export function recentWindow(now: DateTime, since: DateTime | null, quietMs: number): RecentWindow {
  const ms = Date.parse(now);
  const iso = (time: number) => new Date(time).toISOString();
  const nextSince = iso(ms - quietMs - overlapMs);
  return {
    since: iso(Math.max(Date.parse(since ?? nextSince), ms - longestMs)),
    until: iso(ms - quietMs),
    nextSince,
  };
}
