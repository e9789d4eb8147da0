import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterNode } from '@parley/cli/cluster';
import type { TcpProxy } from '@parley/testkit';
import type { Random } from '../random.ts';
import type { Stage } from '../under-load.ts';
import { within } from '../within.ts';
import type { NodeLinks, ProcessWorld } from '../world/processes.ts';
import { processFaults } from './process-faults.ts';

const cutMs = { full: 10_000, short: 1_500 };
/** Within which a node that is cut from Postgres says that it is not ready, and the look itself. */
const unreadyWithinMs = 5_000 + 500;

const fault = processFaults({ world: { proxied: true }, rounds: { full: 3, short: 1 } });

type Cut = 'refused' | 'silent' | 'deaf' | 'mute';
const cuts: Readonly<Record<Cut, (proxy: TcpProxy) => Promise<void> | void>> = {
  refused: (proxy) => proxy.refuse(),
  silent: (proxy) => proxy.halfOpen(),
  mute: (proxy) => proxy.halfOpen('there'),
  deaf: (proxy) => proxy.halfOpen('back'),
};

export const cutFromPostgres = fault(
  'F6a',
  'an API node is cut from Postgres, both ways and one way',
  1,
  async (stage) => {
    const { world, random, short, wait, log } = stage;
    const node = random.pick(world.cluster.apis);
    const proxy = linksOf(world, node).postgres;
    if (proxy === undefined) throw new Error(`unable to cut ${node.name} from Postgres; it has no link`);
    const cut = pickCut(random);
    log(`${node.name} is cut from Postgres (${cut})`);
    await cuts[cut](proxy);
    await Promise.all([untilReadiness(stage, node, false), wait(short ? cutMs.short : cutMs.full)]);
    await proxy.heal();
    await untilReadiness(stage, node, true);
  },
);

export const cutFromNats = fault('F6b', 'a node is cut from NATS, both ways', 0, async (stage) => {
  await cutBus(stage, stage.random.pick(['refused', 'silent']));
});

export const halfCutFromNats = fault('F6c', 'a node is cut from NATS, one way', 0, async (stage) => {
  await cutBus(stage, stage.random.pick(['mute', 'deaf']));
});

async function cutBus({ world, random, short, wait, log }: Stage<ProcessWorld>, cut: Cut): Promise<void> {
  const node = random.pick([...world.cluster.apis, ...world.cluster.fanouts]);
  const { nats } = linksOf(world, node);
  log(`${node.name} is cut from NATS (${cut})`);
  await cuts[cut](nats);
  await wait(short ? cutMs.short : cutMs.full);
  await nats.heal();
  await wait(random.between(0, 1_000));
}

const pickCut = (random: Random): Cut => random.pick(['refused', 'silent', 'mute', 'deaf']);

function linksOf(world: ProcessWorld, node: ClusterNode): NodeLinks {
  const links = world.links.get(node.name);
  if (links === undefined) throw new Error(`unable to cut ${node.name} off; it has no links`);
  return links;
}

async function untilReadiness(
  { short, broken, measure }: Stage<ProcessWorld>,
  node: ClusterNode,
  ready: boolean,
): Promise<void> {
  const from = performance.now();
  for (;;) {
    const response = await fetch(`${node.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    const ms = Math.round(performance.now() - from);
    if ((response?.status === 200) === ready) return measure(`${ready ? 'ready' : 'not ready'} after, ms`, ms);
    if (ms > within(unreadyWithinMs, { short }))
      return broken(`${node.name} was not ${ready ? 'ready' : 'unready'} after ${ms} ms`);
    await delay(50);
  }
}
