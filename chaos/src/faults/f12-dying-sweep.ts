import { createApi } from '@parley/api';
import { silentLogger, systemClock } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { Client } from 'pg';
import type { Violation } from '../checker/state.ts';
import type { Fault } from '../fault.ts';
import { deathSteps } from '../outbox/death-steps.ts';
import { sweepUntil } from '../outbox/dying-sweep.ts';
import { judgeRelay, type Relayed } from '../outbox/relay-check.ts';
import { openRelayRoom, type RelayRoom } from '../outbox/relay-room.ts';
import { writeSleepily } from '../outbox/sleepy-writers.ts';

const rowsPerStep = 12;
const rowsAtTheEnd = 600;
const sweptWithinMs = 30_000;

/**
 * A node that sweeps is killed (-9) at each step that a sweep has; the world's own API nodes answer and never sweep, since the clock of their jobs
 * stands still. At the end two nodes sweep at once. Nothing may be lost; what is given out twice must reach nobody twice.
 */
export const dyingSweep: Fault = {
  id: 'F12',
  title: 'the sweep is killed at each of its steps; then two sweeps at once',
  runs: { full: 1, short: 1 },
  async run({ random, short, worlds, log }) {
    const stoppedClock = fakeClock(Date.now());
    const room = await openRelayRoom({
      worlds,
      channels: 6,
      followed: 6,
      clockOf: (node) => (node.startsWith('api') ? stoppedClock : systemClock),
    });
    const committed: Relayed[] = [];
    try {
      const write = async (rows: number, name: string) => {
        const { databaseUrl, tenant, channelIds } = room;
        const own = random.fork(name);
        const written = await writeSleepily({
          databaseUrl,
          appId: tenant.appId,
          channelIds,
          writers: 4,
          rows,
          sleepMs: 2,
          rollbacks: 0,
          firstMark: committed.length + 1,
          random: own,
        });
        committed.push(...written.committed);
        await age(room);
      };
      const violations: Violation[] = [];
      const steps = short ? [random.pick(deathSteps)] : deathSteps;
      for (const step of steps) {
        await write(rowsPerStep, step);
        const ended = await sweepUntil(step, room.databaseUrl, room.bus);
        log(`killed ${step}`);
        if (ended !== 'SIGKILL') violations.push({ breach: 'promise', detail: `the sweep never came to: ${step}` });
      }
      await write(rowsAtTheEnd, 'two at once');
      const wholeAt = performance.now();
      const nodes = await Promise.all([sweeper(room), sweeper(room)]);
      violations.push(...(await room.settle(sweptWithinMs)));
      const convergedMs = violations.length === 0 ? Math.round(performance.now() - wholeAt) : null;
      for (const node of nodes) await node.close();
      const swept = judgeRelay(committed, room.heard);
      if (swept.lost > 0)
        violations.push({ breach: 'lost', detail: `${swept.lost} committed rows were never given out` });
      if (swept.phantom > 0) violations.push({ breach: 'phantom', detail: `${swept.phantom} rows are made up` });
      const figures = {
        kills: steps.length,
        'given out twice': swept.repeated,
        'late on the bus': swept.late,
      };
      return { acknowledged: committed.length, violations, convergedMs, figures };
    } finally {
      await room.close();
    }
  },
};

/** A sweep takes what is older than two seconds. */
async function age({ databaseUrl, tenant }: RelayRoom): Promise<void> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    await sql.query(`UPDATE outbox SET created_at = created_at - interval '1 minute' WHERE app_id = $1`, [
      tenant.appId,
    ]);
  } finally {
    await sql.end();
  }
}

const sweeper = ({ databaseUrl, bus }: RelayRoom) =>
  createApi({ databaseUrl, bus, logger: silentLogger(), testMode: true, poolSize: 4 });
