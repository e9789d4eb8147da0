import { startTcpProxy, type TcpProxy } from '@parley/testkit';
import type { Fault } from '../fault.ts';
import type { Random } from '../random.ts';
import { runUnderLoad } from '../under-load.ts';
import type { ProcessWorld } from '../world/processes.ts';

const networks = 4;
const spells = { full: 12, short: 3 };
const spellMs = { full: 10_000, short: 1_000 };

const mischief: Readonly<Record<string, (proxy: TcpProxy) => void>> = {
  cut: (proxy) => proxy.cut(),
  'half-open': (proxy) => proxy.halfOpen(),
  // 300 ± 200 ms.
  late: (proxy) => proxy.delay(100, 400),
  // 20 KB/s for everybody on that network together.
  dribble: (proxy) => proxy.dribble(200),
};

/** Clients come over four networks; every 10 s each of them behaves badly in another way. */
export const badNetwork: Fault = {
  id: 'F7',
  title: "the clients' networks cut, fall silent, delay by 300 ± 200 ms and dribble, every 10 s for 2 min",
  runs: { full: 1, short: 1 },
  run(context) {
    const proxies: TcpProxy[] = [];
    return runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes(),
      async places(world) {
        const target = new URL(world.cluster.graphqlUrl);
        for (let index = 0; index < networks; index += 1)
          proxies.push(await startTcpProxy({ target: { host: target.hostname, port: Number(target.port) } }));
        return {
          places: proxies.map((proxy) => ({
            url: proxy.url('http', target.pathname),
            subscriptionsUrl: proxy.url('ws', target.pathname),
          })),
          close: async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))),
        };
      },
      async inflict({ random, short, wait, log }) {
        for (let spell = 0; spell < (short ? spells.short : spells.full); spell += 1) {
          const now = proxies.map((proxy) => [proxy, pick(random)] as const);
          log(now.map(([, name]) => name).join(', '));
          for (const [proxy, name] of now) mischief[name]?.(proxy);
          await wait(short ? spellMs.short : spellMs.full);
          await Promise.all(proxies.map((proxy) => proxy.heal()));
        }
      },
    });
  },
};

const pick = (random: Random): string => random.pick(Object.keys(mischief));
