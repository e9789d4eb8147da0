import { requireTool } from '@parley/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attacks } from './src/all.ts';
import { type OwnPlatform, startOwnPlatform } from './src/own-platform.ts';
import { runAttacks } from './src/suite.ts';

const nats = requireTool('nats-server');

describe.skipIf(nats.missing)(nats.label('a platform of processes behind its edge'), () => {
  let platform: OwnPlatform;
  beforeAll(async () => {
    platform = await startOwnPlatform();
  });
  afterAll(() => platform.close());

  test.for(attacks.filter(({ long = false }) => !long))(
    'holds against $name: $what',
    { timeout: 300_000 },
    async (attack) => {
      const [row] = await runAttacks([attack], platform.target, { slack: 5 });
      expect(row?.verdict, row?.measured).toBe('held');
    },
  );
});
