import type { Client } from '@parley/sdk-js';
import { type Clock, systemClock } from '@parley/service-kit';
import { shiftedDate } from '../clocks/shifted-date.ts';
import { openSkewedClient, type SkewedClient } from '../clocks/skewed-client.ts';
import type { Fault, RunContext, RunResult } from '../fault.ts';
import { runUnderLoad } from '../under-load.ts';
import { openRawWatch } from '../workload/raw-watch.ts';
import type { ProcessWorld } from '../world/processes.ts';
import type { World } from '../world/world.ts';

const tenMinutes = 600_000;
const wrongNodes = ['api-1', 'fanout-1'];
const sends = 10;
const answeredWithinMs = 30_000;
const shortTokenSeconds = 300;

/**
 * The clocks of one API node and one fan-out node are wrong by ten minutes, and that of somebody's machine the other way. In the full run the nodes
 * are processes whose Date is set wrong while people write and read, and then right again; in the short one they are in this process, and are given
 * a clock that is wrong from the start.
 */
const wrongClocks = (id: string, title: string, skewMs: number, inShort: number): Fault => ({
  id,
  title,
  runs: { full: 1, short: inShort },
  run: (context) => (context.short ? inThisProcess(context, skewMs) : inProcesses(context, skewMs)),
});

function inThisProcess(context: RunContext, skewMs: number): Promise<RunResult> {
  const wrong: Clock = { ...systemClock, now: () => systemClock.now() + skewMs };
  return underWrongClocks(context, skewMs, {
    open: ({ worlds }) => worlds.inside({ clockOf: (node) => (wrongNodes.includes(node) ? wrong : systemClock) }),
    release: (world) => world.close(),
    set: async () => undefined,
  });
}

function inProcesses(context: RunContext, skewMs: number): Promise<RunResult> {
  const wrong = ({ cluster }: ProcessWorld) =>
    [...cluster.apis, ...cluster.fanouts].filter(({ name }) => wrongNodes.includes(name));
  const toggle = async (world: ProcessWorld) => {
    for (const node of wrong(world)) await node.kill('SIGUSR2');
  };
  return underWrongClocks(context, skewMs, {
    async open({ worlds }) {
      const world = await worlds.processes();
      for (const node of wrong(world)) {
        world.environment.set(node.name, shiftedDate(skewMs));
        await node.stop();
        await node.start();
      }
      return world;
    },
    release: (world, { worlds }) => worlds.discard(world),
    set: toggle,
  });
}

interface WrongClocks<W extends World> {
  open(context: RunContext): Promise<W>;
  release(world: W, context: RunContext): Promise<void>;
  /** Sets the clocks wrong, and the next time right. */
  set(world: W): Promise<void>;
}

async function underWrongClocks<W extends World>(
  context: RunContext,
  skewMs: number,
  plan: WrongClocks<W>,
): Promise<RunResult> {
  const clients: SkewedClient[] = [];
  const { open, release } = plan;
  try {
    return await runUnderLoad(context, {
      open,
      release,
      async inflict({ world, tenant, load, history, wait, short, broken, log }) {
        const somebody = load.cast.subscribers.find(({ via }) => via === 'sdk');
        const place = world.places.at(-1);
        const channelId = somebody?.channelIds[0];
        if (somebody === undefined || channelId === undefined || place === undefined)
          throw new Error('unable to have a client whose clock is wrong; nobody is there');
        const client = await openSkewedClient({
          tenant,
          place,
          userId: somebody.userId,
          channelId,
          skewMs: -skewMs,
          history,
        });
        clients.push(client);
        // Shorter than the clocks are wrong by.
        const token = await tenant.server.mintUserToken(somebody.userId, { expiresInSeconds: shortTokenSeconds });
        const watches = Array.from({ length: 4 }, () =>
          openRawWatch({ url: place.subscriptionsUrl, token, channelId }),
        );
        await Promise.all(watches.map(({ synced }) => synced));
        await plan.set(world);
        log('the clocks are wrong');
        for (let index = 0; index < sends; index += 1) {
          await wait((short ? 2_500 : 20_000) / sends);
          client.send();
          // Their sessions are opened, and their operations run, by whichever node has its turn.
          if (index === sends / 2) for (const [, one] of [...load.clients].slice(0, 4)) reconnect(one);
        }
        await plan.set(world);
        await wait(short ? 1_000 : 5_000);
        await client.finish(answeredWithinMs);
        for (const { end, close } of watches) {
          if (end !== undefined) broken(`a watcher whose token was still good was cut off with ${end.code}`);
          close();
        }
        const refused = history.sends.filter(({ code }) => code === 'unauthenticated').length;
        if (refused > 0) broken(`${refused} sends were refused for their token`);
        for (const [userId, one] of load.clients)
          if (one.connection.get().name === 'failed') broken(`the client of ${userId} gave up`);
      },
    });
  } finally {
    for (const client of clients) client.close();
  }
}

function reconnect(client: Client): void {
  client.disconnect();
  client.connect().catch(() => undefined);
}

/** F10: clocks are wrong, ahead and behind. */
export const wrongClockFaults: readonly Fault[] = [
  wrongClocks('F10a', 'one API and one fan-out node are 10 min ahead, a client 10 min behind', tenMinutes, 0),
  wrongClocks('F10b', 'one API and one fan-out node are 10 min behind, a client 10 min ahead', -tenMinutes, 1),
];
