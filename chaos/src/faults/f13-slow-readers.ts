import { setTimeout as delay } from 'node:timers/promises';
import { closeCodes, limits } from '@parley/contracts';
import type { Violation } from '../checker/state.ts';
import type { Fault, RunContext } from '../fault.ts';
import { percentile } from '../latency.ts';
import { openManySockets } from '../slow/many-sockets.ts';
import { openMeasuredNode } from '../slow/measured-node.ts';
import { delayOf, startPacedWriter } from '../slow/paced-writer.ts';
import type { RawWatch } from '../workload/raw-watch.ts';

const full = { sockets: 300, slow: 3, phaseMs: 8_000, roomPace: 10, busyPace: 50 };
const short = { sockets: 100, slow: 1, phaseMs: 1_000, roomPace: 5, busyPace: 100 };
/** A text of the busy channel; the kernel takes some MB for who does not read before the node has to hold anything. */
const busyLength = 9_000;
/** Of texts that a slow socket was sent since it stopped: 40 s of the full run where nothing else is running. */
const closedWithinBytes = 18_000_000;
const deadlineMs = 150_000;
const wholeWithinMs = 20_000;
const lookEveryMs = 50;
const promisedRatio = 1.2;
/** Below this, a ratio of two latencies says nothing. */
const leastMs = 5;
/** What a heap may keep for other reasons while some seconds of load go by, such as what waits for a collection. */
const slackBytes = 16 * 1_048_576;

/**
 * One socket in a hundred stops reading. In the full run the node is a process of its own, so that its memory and what the others feel can be told
 * from those of the clients; in the short one, in which neither is looked at, it is in this one.
 */
export const slowReaders: Fault = {
  id: 'F13',
  title: '1 % of the sockets stop reading',
  runs: { full: 1, short: 1 },
  run: (context) => runSlowReaders(context, context.short ? short : full),
};

async function runSlowReaders({ worlds, log, ...context }: RunContext, sizes: typeof full) {
  const node = await openMeasuredNode(worlds, context.short);
  const violations: Violation[] = [];
  const broken = (detail: string) => void violations.push({ breach: 'promise', detail });
  const tenant = await node.world.tenant();
  const sockets = await openManySockets({
    tenant,
    url: node.subscriptionsUrl,
    sockets: sizes.sockets,
    slow: sizes.slow,
  });
  const { server } = tenant;
  const room = startPacedWriter({
    server,
    userId: 'u0',
    channelId: sockets.roomId,
    perSecond: sizes.roomPace,
    length: 300,
  });
  const busy = startPacedWriter({
    server,
    userId: 'u1',
    channelId: sockets.busyId,
    perSecond: sizes.busyPace,
    length: busyLength,
  });
  try {
    const control = await sockets.watchBusy();
    await delay(sizes.phaseMs);
    const stoppedAt = Date.now();
    const before = await node.bytes();
    const closedBefore = await node.slowConsumers();
    for (const one of sockets.slow) one.stopReading();
    log(`${sizes.slow} of ${sizes.sockets} stopped reading`);

    let most = before;
    const writtenBefore = busy.written();
    const isOverdue = () => busy.written() - writtenBefore > closedWithinBytes || Date.now() - stoppedAt > deadlineMs;
    const areClosed = async () => (await node.slowConsumers()) - closedBefore >= sizes.slow;
    let closed = await areClosed();
    while (!closed && !isOverdue()) {
      most = Math.max(most, await node.bytes());
      await delay(lookEveryMs);
      closed = await areClosed();
    }
    const closedMs = Date.now() - stoppedAt;
    // From here on they read what the kernel still has for them, and at its end why they were closed.
    for (const one of sockets.slow) one.readOn();
    if (!closed) broken(`a socket that does not read was not closed within ${closedWithinBytes} bytes, ${closedMs} ms`);
    await delay(sizes.phaseMs);
    const acknowledged = (await room.stop()) + (await busy.stop());

    const wholeAt = performance.now();
    for (const one of sockets.slow) {
      const end = await Promise.race([one.ended, delay(wholeWithinMs)]);
      if (end?.code !== closeCodes.slowConsumer) broken(`a slow socket ended with ${end?.code ?? 'nothing'}`);
      const resumed = await sockets.watchBusy(one.events.at(-1)?.seq ?? 0);
      if (!(await isWhole([one, resumed], control)))
        violations.push({ breach: 'lost', detail: 'a slow reader is not whole after its resume' });
    }
    for (const other of sockets.others)
      if (other.end !== undefined) broken(`somebody who reads was closed with ${other.end.code}`);

    const all = sockets.others.flatMap(({ events }) => events.filter(({ text }) => text !== null));
    const isSlow = ({ at }: { readonly at: number }) => at >= stoppedAt && at < stoppedAt + closedMs;
    const baseline = percentile(all.filter((event) => !isSlow(event)).map(delayOf), 0.99);
    const meanwhile = percentile(all.filter(isSlow).map(delayOf), 0.99);
    const ratio = meanwhile / Math.max(1, baseline);
    const grown = most - before;
    const allowed = sizes.slow * limits.socketBufferedBytes + slackBytes;
    if (!context.short && ratio > promisedRatio && meanwhile - baseline > leastMs)
      broken(`the others' p99 was ${meanwhile} ms while some did not read, and ${baseline} ms otherwise`);
    if (!context.short && grown > allowed) broken(`the node grew by ${grown} bytes, ${allowed} are allowed`);
    return {
      acknowledged,
      violations,
      convergedMs: violations.length === 0 ? Math.round(performance.now() - wholeAt) : null,
      figures: {
        'closed after, ms': closedMs,
        "others' p99 without, ms": baseline,
        "others' p99 meanwhile, ms": meanwhile,
        ratio: Number(ratio.toFixed(2)),
        ...(context.short ? {} : { 'grown by, MiB': Math.round(grown / 1_048_576) }),
      },
    };
  } finally {
    await Promise.all([room.stop(), busy.stop()]);
    sockets.close();
    await node.close();
  }
}

/** Whether the parts, one after the other, are what somebody saw who never stopped reading; from where the first part begins. */
async function isWhole(parts: readonly RawWatch[], control: RawWatch): Promise<boolean> {
  const deadline = performance.now() + wholeWithinMs;
  for (;;) {
    const seqs = parts.flatMap(({ events }) => events.map(({ seq }) => seq));
    const [first = 0] = seqs;
    const due = control.events.map(({ seq }) => seq).filter((seq) => seq >= first);
    const known = new Set(seqs);
    if (seqs.every((seq, index) => seq === first + index) && due.every((seq) => known.has(seq))) return true;
    if (performance.now() > deadline) return false;
    await delay(lookEveryMs);
  }
}
