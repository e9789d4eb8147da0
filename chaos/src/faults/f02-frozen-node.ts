import type { Fault } from '../fault.ts';
import { runUnderLoad } from '../under-load.ts';
import type { ProcessWorld } from '../world/processes.ts';

const freezes = { full: 4, short: 1 };
const frozenMs = { full: [5_000, 30_000], short: [1_500, 2_500] } as const;

/** A fan-out node and an API node in turn; what they held when they were stopped is old when they go on. */
export const frozenNode: Fault = {
  id: 'F2',
  title: 'a fan-out or API node is stopped (SIGSTOP) for 5 to 30 s and goes on',
  runs: { full: 1, short: 1 },
  run: (context) =>
    runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes(),
      async inflict({ world, random, short, wait, log }) {
        const count = short ? freezes.short : freezes.full;
        const [least, most] = short ? frozenMs.short : frozenMs.full;
        for (let freeze = 0; freeze < count; freeze += 1) {
          const { apis, fanouts } = world.cluster;
          const node = random.pick(freeze % 2 === 0 ? fanouts : apis);
          const ms = random.between(least, most);
          log(`${node.name} stops for ${ms} ms`);
          await node.kill('SIGSTOP');
          await wait(ms);
          await node.kill('SIGCONT');
          await wait(random.between(0, 1_000));
        }
      },
    }),
};
