import type { Fault } from '../fault.ts';
import type { Stage } from '../under-load.ts';
import { runUnderLoad } from '../under-load.ts';
import type { ProcessWorld } from '../world/processes.ts';

const awayMs = { full: 60_000, short: 3_000 };

/** Killed and at once there again. */
export const natsRestarted: Fault = {
  id: 'F3a',
  title: 'NATS is killed and started again, twice',
  runs: { full: 1, short: 1 },
  run: (context) =>
    runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes(),
      async inflict({ world, random, wait }) {
        for (const server of [...world.cluster.natsServers, ...world.cluster.natsServers]) {
          await wait(random.between(0, 1_000));
          await server.kill();
          await wait(random.between(0, 500));
          await server.restart();
        }
      },
    }),
};

/** Sends must go on: the bus carries copies only. */
export const natsAway: Fault = {
  id: 'F3b',
  title: 'NATS is away for 60 s',
  runs: { full: 1, short: 0 },
  run: (context) =>
    runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes(),
      async inflict(stage) {
        const { world, short, wait } = stage;
        const [server] = world.cluster.natsServers;
        if (server === undefined) throw new Error('unable to take NATS away; there is none');
        await server.kill();
        const from = Date.now();
        await wait(short ? awayMs.short : awayMs.full);
        measureSends(stage, from);
        await server.restart();
      },
    }),
};

/** One server of three is lost for good, then another world is made for the next fault. */
export const natsServerLost: Fault = {
  id: 'F3c',
  title: 'one of three NATS servers is lost',
  runs: { full: 1, short: 0 },
  run: (context) =>
    runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes({ nats: 3 }),
      release: (world, { worlds }) => worlds.discard(world),
      async inflict(stage) {
        const { world, random, short, wait } = stage;
        await random.pick(world.cluster.natsServers).kill();
        const from = Date.now();
        await wait(short ? 2_000 : 10_000);
        measureSends(stage, from);
      },
    }),
};

function measureSends({ history, measure, broken }: Stage<ProcessWorld>, from: number): void {
  const acknowledged = history.sends.filter(({ outcome, endedAt }) => outcome === 'ok' && endedAt > from);
  const plain = history.answers.filter(({ at, code }) => at > from && code === null);
  measure('acknowledged meanwhile', acknowledged.length);
  measure('of them plain requests', plain.length);
  if (plain.length === 0) broken('no plain request to send was acknowledged meanwhile');
}
