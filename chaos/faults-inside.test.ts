import { createDatabase } from '@parley/testkit';
import { afterAll, expect, test } from 'vitest';
import { lossyBusFaults } from './src/faults/f04-lossy-bus.ts';
import { away } from './src/faults/f08-away.ts';
import { wrongClockFaults } from './src/faults/f10-wrong-clocks.ts';
import { sleepyWriters } from './src/faults/f11-sleepy-writers.ts';
import { dyingSweep } from './src/faults/f12-dying-sweep.ts';
import { slowReaders } from './src/faults/f13-slow-readers.ts';
import { revocation } from './src/faults/f14-revocation.ts';
import { restoredDatabase } from './src/faults/f16-restored-database.ts';
import { consumerBacklog, killedConsumer } from './src/faults/f17-consumers.ts';
import { runSuite } from './src/suite.ts';
import { createWorlds } from './src/world/worlds.ts';

// Those that need no process of their own for each node.
const worlds = createWorlds({ database: () => createDatabase() });
afterAll(() => worlds.close());

const seed = Number(process.env['CHAOS_SEED'] ?? 1);
const faults = [
  ...lossyBusFaults,
  away,
  ...wrongClockFaults,
  sleepyWriters,
  dyingSweep,
  slowReaders,
  revocation,
  restoredDatabase,
  killedConsumer,
  consumerBacklog,
];

test.for(faults.filter(({ runs }) => runs.short > 0))('$id: $title', { timeout: 300_000 }, async (fault) => {
  const rows = await runSuite({ faults: [fault], worlds, seed, short: true, log: () => undefined });
  expect(rows.flatMap(({ violations }) => [...violations])).toEqual([]);
  expect(rows[0]?.acknowledged).toBeGreaterThan(0);
});
