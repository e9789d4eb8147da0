import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { subprotocol } from '@parley/contracts';
import WebSocket from 'ws';
import { startChild } from './src/child.ts';
import { createHistogram } from './src/histogram.ts';
import type { HostileNodeFigures } from './src/hostile-node.child.ts';
import type { HostileUserFigures, HostileUserOrder } from './src/hostile-user.child.ts';
import { type Row, report } from './src/report.ts';

// One user who takes all that is allowed, over all sockets that one may open: what a fan-out node keeps of it, and what another user notices.
const quick = process.argv.includes('--quick');
const plan = { sockets: quick ? 8 : 50, burst: 300, ms: quick ? 15_000 : 60_000 };
const afterMs = quick ? 5_000 : 60_000;
const askEveryMs = 50;

/** Somebody else, who asks a small thing every 50 ms from when it is due. */
async function askAlong(url: string) {
  const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token: 'alice' } }));
  await once(socket, 'message');
  const histogram = createHistogram();
  const due = new Map<string, number>();
  socket.on('message', (data) => {
    // One Buffer for each message, since no other type is asked for.
    const { id, type } = JSON.parse((data as Buffer).toString()) as { readonly id?: string; readonly type: string };
    const at = due.get(id ?? '');
    if (at === undefined || type !== 'complete') return;
    due.delete(id ?? '');
    histogram.record(performance.now() - at);
  });
  let serial = 0;
  let next = performance.now();
  const timer = setInterval(() => {
    for (; next <= performance.now(); next += askEveryMs) {
      serial += 1;
      due.set(`${serial}`, next);
      socket.send(JSON.stringify({ type: 'subscribe', id: `${serial}`, payload: { query: '{ me { id } }' } }));
    }
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      // Who was not answered has waited until now.
      for (const at of due.values()) histogram.record(performance.now() - at);
      socket.terminate();
      return histogram.summary();
    },
  };
}

const node = await startChild(new URL('./src/hostile-node.child.ts', import.meta.url));
const mallory = await startChild(new URL('./src/hostile-user.child.ts', import.meta.url));
const figures = () => node.ask<HostileNodeFigures>('figures');
const order = <Answer>(what: HostileUserOrder) => mallory.ask<Answer>(what);
const mib = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
try {
  const url = await node.ask<string>('address');
  // Warm, so that what is compared is not the start.
  await order({ kind: 'attack', url, sockets: 1, burst: 3, ms: 1_000 });
  await order({ kind: 'close' });
  await sleep(1_000);
  const before = await figures();
  const other = await askAlong(url);
  const refused = await order<HostileUserFigures>({ kind: 'attack', url, ...plan });
  const waited = other.stop();
  const during = await figures();
  await order({ kind: 'close' });
  await sleep(afterMs);
  const after = await figures();
  const added = mib(during.heldBytes - before.heldBytes);
  const left = after.heldBytes / before.heldBytes;
  const rows: Row[] = [
    {
      what: `one user, ${plan.sockets} sockets × ${plan.burst} subscriptions at once, then ${plan.ms / 1_000} s: memory added`,
      measured: `${added} MiB (${during.stats.operations} run)`,
      target: '≤ 64 MiB',
      met: added <= 64,
    },
    {
      what: `the same, ${afterMs / 1_000} s after its sockets closed, against before`,
      measured: `${(left * 100 - 100).toFixed(1)} % (${mib(before.heldBytes)} / ${mib(after.heldBytes)} MiB)`,
      target: '≤ 20 %',
      met: left <= 1.2,
    },
    {
      what: '{ me } of another user meanwhile, over the same node',
      measured: `p50 ${waited.p50.toFixed(1)}, p99 ${waited.p99.toFixed(1)} ms`,
      target: 'p99 ≤ 100 ms',
      met: waited.p99 <= 100,
    },
  ];
  report('hostile-user', rows, { plan, before, during, after, waited, refused });
} finally {
  await mallory.stop();
  await node.stop();
}
