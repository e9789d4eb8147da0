import { performance } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Clock, TimerHandle } from './clock.ts';

/** Dependencies of {@link createIdleCollector}; all but the clock have a default. */
export interface IdleCollectorOptions {
  readonly clock: Clock;
  /** Share of the time since it was last asked in which the event loop was busy, 0 to 1. */
  readonly utilization?: () => number;
  /** Resident memory of the process, bytes. */
  readonly residentBytes?: () => number;
  /** Collects garbage, all of it, and gives what is free back to the system. */
  readonly collect?: () => void;
}

/** Something that goes on until it is closed. */
export interface IdleCollector {
  close(): void;
}

const everyMs = 10_000;
/** A node that does this little has time for a collection, which takes some tens of milliseconds. */
const idleBelow = 0.05;
/** Less is not worth one. */
const worthBytes = 32 * 1024 * 1024;

/**
 * Gives back the memory that a burst of work took. The engine collects when it needs room, and a process that has become idle needs none: it would
 * keep what the busiest minute of its life took.
 */
export function createIdleCollector({
  clock,
  utilization = eventLoopUtilization(),
  residentBytes = () => process.memoryUsage.rss(),
  collect = fullCollection(),
}: IdleCollectorOptions): IdleCollector {
  /** The least that was resident since the last collection: the engine's own collections lower it too. */
  let lowest = residentBytes();
  let timer: TimerHandle;
  const look = () => {
    timer = clock.setTimeout(look, everyMs);
    const resident = residentBytes();
    lowest = Math.min(lowest, resident);
    if (utilization() >= idleBelow || resident < lowest + worthBytes) return;
    collect();
    lowest = residentBytes();
  };
  timer = clock.setTimeout(look, everyMs);
  return { close: () => clock.clearTimeout(timer) };
}

function eventLoopUtilization(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

/**
 * The engine shows its collector only where it is asked to, which may be done while it runs: https://nodejs.org/api/v8.html#v8setflagsfromstringflags. A plain
 * collection keeps the freed pages for the next burst; the one of last resort returns them to the system.
 */
function fullCollection(): () => void {
  v8.setFlagsFromString('--expose-gc');
  // The engine says what this is, and no type does.
  const gc = vm.runInNewContext('gc') as ((options: object) => void) | undefined;
  return () => gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
