import { createDatabase, requireTool } from '@parley/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { killedApi } from './src/faults/f01-killed-api.ts';
import { frozenNode } from './src/faults/f02-frozen-node.ts';
import { natsRestarted } from './src/faults/f03-nats-away.ts';
import { postgresCrashed } from './src/faults/f05-postgres.ts';
import { cutFromPostgres } from './src/faults/f06-partitions.ts';
import { badNetwork } from './src/faults/f07-bad-network.ts';
import { rollingRestart } from './src/faults/f09-rolling-restart.ts';
import { nothing } from './src/faults/nothing.ts';
import { runSuite } from './src/suite.ts';
import { createWorlds } from './src/world/worlds.ts';

const nats = requireTool('nats-server');
const worlds = createWorlds({ database: () => createDatabase(), alwaysProxied: true });
afterAll(() => worlds.close());

const seed = Number(process.env['CHAOS_SEED'] ?? 1);
const faults = [killedApi, frozenNode, natsRestarted, postgresCrashed, cutFromPostgres, badNetwork, rollingRestart];

const broken = async (fault: typeof nothing): Promise<unknown[]> => {
  const rows = await runSuite({ faults: [fault], worlds, seed, short: true, log: () => undefined });
  expect(rows[0]?.acknowledged).toBeGreaterThan(0);
  return rows.flatMap(({ violations }) => [...violations]);
};

test('nothing is lost, doubled or out of order while nothing happens', async () => {
  expect(await broken(nothing)).toEqual([]);
});

describe.skipIf(nats.missing)(nats.label('nothing is lost, doubled or out of order'), () => {
  test.for(faults)('$id: $title', { timeout: 300_000 }, async (fault) => {
    expect(await broken(fault)).toEqual([]);
  });
});
