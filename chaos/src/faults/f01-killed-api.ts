import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterNode } from '@parley/cli/cluster';
import type { Fault } from '../fault.ts';
import { runUnderLoad, type Stage } from '../under-load.ts';
import type { ProcessWorld } from '../world/processes.ts';

const kills = { full: 20, short: 2 };
const preload = new URL('../world/die-before-publication.ts', import.meta.url).href;
const deathWithinMs = 20_000;

/** Every other kill comes at a random moment; the rest come between the commit of a send and its publication. */
export const killedApi: Fault = {
  id: 'F1',
  title: 'an API node is killed (-9), at random and between commit and publication',
  runs: { full: 1, short: 1 },
  run: (context) =>
    runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes(),
      async inflict(stage) {
        const count = stage.short ? kills.short : kills.full;
        for (let kill = 0; kill < count; kill += 1) {
          const node = stage.random.pick(stage.world.cluster.apis);
          if (kill % 2 === 0) await killBeforePublication(stage, node);
          else await killAtRandom(stage, node);
        }
        stage.measure('kills', count);
      },
    }),
};

async function killAtRandom({ random, wait, log }: Stage<ProcessWorld>, node: ClusterNode): Promise<void> {
  await wait(random.between(0, 1_500));
  log(`kill -9 ${node.name}`);
  await node.kill('SIGKILL');
  await wait(random.between(0, 1_000));
  await node.start();
}

async function killBeforePublication(stage: Stage<ProcessWorld>, node: ClusterNode): Promise<void> {
  const { random, world, log } = stage;
  const publications = random.between(0, 15);
  const variables = { NODE_OPTIONS: `--import ${preload}`, CHAOS_PUBLICATIONS: String(publications) };
  await node.stop();
  world.environment.set(node.name, variables);
  // It may die before it is seen to be ready.
  await node.start().catch(() => undefined);
  world.environment.delete(node.name);
  const deadline = Date.now() + deathWithinMs;
  while (node.running && Date.now() < deadline) await delay(10);
  if (node.running) {
    stage.broken(`${node.name} lived for ${deathWithinMs} ms under load without ${publications} publications`);
    await node.kill('SIGKILL');
  }
  log(`${node.name} died before publication ${publications + 1}`);
  await stage.wait(random.between(0, 500));
  await node.start();
}
