import { setTimeout as delay } from 'node:timers/promises';
import { type Absence, goAway, type Returned } from '../absence/absence.ts';
import { passTime, untilPruned } from '../absence/pass-time.ts';
import type { Fault } from '../fault.ts';
import { createLeapingClock } from '../leaping-clock.ts';

const absences = [
  { name: '10 s', ms: 10_000, resumable: true },
  { name: '2 min', ms: 120_000, resumable: true },
  { name: '1 h', ms: 3_600_000, resumable: true },
  { name: '31 days', ms: 31 * 86_400_000, resumable: false },
] as const;
/** More than a page of events, so that a resume takes several; in the full run also more than a node holds while it replays. */
const missed = { full: 700, short: 130 };
const waitedFor = 10_000;

/**
 * Somebody is away while more is written than one page holds, and comes back.
 *
 * What is simulated, and why that is honest: nobody waits an hour. On every node the timers fall due that would have (jobs, leases, pruning), and
 * every time that a statement compares with the database's own is put back by as much, which to `now()` is the same as having waited. A node keeps
 * nothing for who is away but the log, so there is no further clock to it. The client's does not leap: while it is away it has no timer but that of
 * its next attempt, and here it is told when to come back; it comes with a new token. In a full run the ten seconds are waited for in earnest.
 */
export const away: Fault = {
  id: 'F8',
  title: 'clients are away for 10 s, 2 min, 1 h, and past the retention of the log',
  runs: { full: 1, short: 1 },
  async run({ short, worlds, log, random }) {
    const clock = createLeapingClock();
    const world = await worlds.inside({ clockOf: () => clock });
    const all: Returned[] = [];
    const figures: Record<string, number> = {};
    try {
      for (const { name, ms, resumable } of absences) {
        const absence: Absence = {
          name,
          resumable,
          missed: short ? missed.short : missed.full,
          async pass(appId) {
            if (ms <= waitedFor && !short) return await delay(ms);
            await passTime(world.databaseUrl, clock, ms);
            if (!resumable) await untilPruned(world.databaseUrl, appId);
          },
        };
        const returned = await goAway(world, random.pick(world.places), absence);
        log(`away for ${name}: whole after ${returned.wholeMs} ms`);
        figures[`replayed after ${name}`] = returned.replayed;
        all.push(returned);
      }
    } finally {
      await world.close();
    }
    const violations = all.flatMap((one) => one.violations);
    return {
      acknowledged: all.reduce((sum, one) => sum + one.acknowledged, 0),
      violations,
      convergedMs: violations.length === 0 ? Math.max(...all.map((one) => one.wholeMs)) : null,
      figures,
    };
  },
};
