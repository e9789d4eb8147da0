import { createApi } from '@parley/api';
import { type Bus, silentLogger } from '@parley/service-kit';
import type { Fault } from '../fault.ts';
import { enact } from '../revocation/enact.ts';
import { revocations } from '../revocation/kinds.ts';

/** Rights are taken away on one node while messages pour in and are read on every node. */
export const revocation: Fault = {
  id: 'F14',
  title: 'rights to read are taken away in every way there is, while events fan out to sockets and event streams',
  runs: { full: 5, short: 1 },
  async run({ random, worlds, short, log }) {
    const buses: Bus[] = [];
    const world = await worlds.inside({
      wrapBus(_node, bus) {
        buses.push(bus);
        return bus;
      },
    });
    const [bus] = buses;
    if (bus === undefined) throw new Error('unable to revoke a key; the world has no bus');
    // Keys are no affair of GraphQL: an operator's tool revokes them, on the platform's bus.
    const operator = await createApi({
      databaseUrl: world.databaseUrl,
      bus,
      logger: silentLogger(),
      testMode: true,
      poolSize: 2,
    });
    try {
      const enacted = await Promise.all(
        revocations.map(async (kind) => {
          const result = await enact(kind, { world, apps: operator.apps, random: random.fork(kind.name), short });
          log(`${kind.name}: the last event came ${result.lastEventMs} ms after it, the end after ${result.cutMs} ms`);
          return result;
        }),
      );
      const cutMs = Math.max(...enacted.map((one) => one.cutMs));
      return {
        acknowledged: enacted.reduce((sum, one) => sum + one.acknowledged, 0),
        violations: enacted.flatMap((one) => one.violations),
        convergedMs: cutMs,
        figures: {
          'last event after it, ms': Math.max(...enacted.map((one) => one.lastEventMs)),
          'cut off after, ms': cutMs,
        },
      };
    } finally {
      await operator.close();
      await world.close();
    }
  },
};
