import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterNode } from '@parley/cli/cluster';
import type { Fault } from '../fault.ts';
import { percentile } from '../latency.ts';
import { runUnderLoad } from '../under-load.ts';
import type { ProcessWorld } from '../world/processes.ts';

const endsWithinMs = 30_000;

/** One after the other, as a deployment does; the edge is told by nothing but the nodes' readiness. */
export const rollingRestart: Fault = {
  id: 'F9',
  title: 'every node is restarted in turn (SIGTERM)',
  runs: { full: 1, short: 1 },
  run: (context) =>
    runUnderLoad<ProcessWorld>(context, {
      open: ({ worlds }) => worlds.processes(),
      async inflict({ world, history, random, short, wait, log, measure, broken }) {
        const { apis, fanouts } = world.cluster;
        const calm = percentile(tookOf(history), 0.99);
        const from = Date.now();
        for (const node of short ? [...apis.slice(0, 1), ...fanouts.slice(0, 1)] : [...apis, ...fanouts]) {
          log(`SIGTERM ${node.name}`);
          await node.kill('SIGTERM');
          await untilGone(node);
          await node.start();
          await wait(random.between(200, 1_000));
        }
        const failed = history.answers.filter(({ at, status }) => at >= from && (status === null || status >= 500));
        measure('p99 before, ms', calm);
        measure('p99 meanwhile, ms', percentile(tookOf(history, from), 0.99));
        measure('5xx', failed.length);
        for (const { status, code } of failed)
          broken(`a plain request to send was answered with ${status ?? 'nothing'} (${code})`);
      },
    }),
};

const tookOf = (
  history: { readonly sends: readonly { invokedAt: number; endedAt: number; outcome: string }[] },
  from = 0,
) =>
  history.sends
    .filter(({ outcome, invokedAt }) => outcome === 'ok' && invokedAt >= from)
    .map(({ invokedAt, endedAt }) => endedAt - invokedAt);

async function untilGone(node: ClusterNode): Promise<void> {
  const deadline = Date.now() + endsWithinMs;
  while (node.running) {
    if (Date.now() > deadline) throw new Error(`unable to restart ${node.name}; it did not end in ${endsWithinMs} ms`);
    await delay(20);
  }
}
