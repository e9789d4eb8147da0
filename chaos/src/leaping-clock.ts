import { type Clock, systemClock } from '@parley/service-kit';

/** A clock whose timers can be brought nearer. */
export interface LeapingClock extends Clock {
  /** Brings every timer nearer by `ms`: what falls due by that runs once, now, as on a machine that slept. What `now` says does not leap. */
  leap(ms: number): void;
}

interface Timer {
  readonly run: () => void;
  due: number;
  real: unknown;
}

export function createLeapingClock(): LeapingClock {
  const timers = new Set<Timer>();
  const { now } = systemClock;
  const start = (timer: Timer) => {
    timer.real = systemClock.setTimeout(() => {
      timers.delete(timer);
      timer.run();
    }, timer.due - now());
  };
  return {
    now,
    setTimeout(run, ms) {
      const timer: Timer = { run, due: now() + ms, real: undefined };
      timers.add(timer);
      start(timer);
      return timer;
    },
    clearTimeout(handle) {
      for (const timer of timers) {
        if (timer !== handle) continue;
        systemClock.clearTimeout(timer.real);
        timers.delete(timer);
      }
    },
    leap(ms) {
      for (const timer of [...timers].sort((one, other) => one.due - other.due)) {
        systemClock.clearTimeout(timer.real);
        timer.due -= ms;
        if (timer.due > now()) start(timer);
        else if (timers.delete(timer)) timer.run();
      }
    },
  };
}
