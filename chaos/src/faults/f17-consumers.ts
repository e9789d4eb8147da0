import type { Api } from '@parley/api';
import { uniqueId } from '@parley/testkit';
import type { Violation } from '../checker/state.ts';
import { writeBacklog } from '../consumers/backlog.ts';
import { caughtUp } from '../consumers/caught-up.ts';
import { startNode } from '../consumers/consumer-node.ts';
import { consumerDeathSteps } from '../consumers/death-steps.ts';
import { consumeUntil } from '../consumers/dying-consumer.ts';
import { batchEvents, concurrency, markedConsumer } from '../consumers/marked-consumer.ts';
import type { Fault } from '../fault.ts';
import { percentile } from '../latency.ts';
import { judgeRelay, type Relayed } from '../outbox/relay-check.ts';
import { writeSleepily } from '../outbox/sleepy-writers.ts';

const rowsPerStep = 60;
const rowsPerDeploy = 400;
/**
 * A node with a consumer is killed (-9) at each step that a consumer has, under writers whose commits come in any order; then two nodes share it while
 * nodes are replaced one by one. Nothing may be lost or out of order; what comes twice is what was in hand at a kill.
 */
export const killedConsumer: Fault = {
  id: 'F17a',
  title: 'a consumer is killed at each of its steps, then shared by two nodes and deployed anew under load',
  runs: { full: 1, short: 1 },
  async run({ random, short, worlds, log }) {
    const world = await worlds.inside();
    const { databaseUrl } = world;
    const nodes = new Set<Api>();
    try {
      const tenant = await world.tenant();
      const { appId } = tenant;
      const channelIds: string[] = [];
      for (let index = 0; index < 12; index += 1)
        channelIds.push((await tenant.server.createChannel({ type: 'messaging', key: `c${index}` })).id);
      const name = uniqueId('chaos').toLowerCase();
      const committed: Relayed[] = [];
      const given: Relayed[] = [];
      const consumer = markedConsumer(name, appId, (events) => void given.push(...events));
      const start = async () => {
        const node = await startNode(databaseUrl, consumer);
        nodes.add(node);
        return node;
      };
      const stop = async (node: Api) => {
        nodes.delete(node);
        await node.close();
      };
      const write = async (rows: number, words: string) => {
        const written = await writeSleepily({
          databaseUrl,
          appId,
          channelIds,
          writers: 8,
          rows,
          sleepMs: 5,
          rollbacks: 0.1,
          firstMark: committed.length * 10 + 1,
          random: random.fork(words),
        });
        committed.push(...written.committed);
      };
      const violations: Violation[] = [];

      const steps = short ? [random.pick(consumerDeathSteps)] : consumerDeathSteps;
      for (const step of steps) {
        await write(rowsPerStep, step);
        const ended = await consumeUntil({ step, databaseUrl, name, appId, given: (events) => given.push(...events) });
        log(`killed ${step}`);
        if (ended !== 'SIGKILL') violations.push({ breach: 'promise', detail: `the consumer never came to: ${step}` });
      }

      let old = [await start(), await start()];
      for (let deploy = 1; deploy <= (short ? 1 : 4); deploy += 1) {
        const writing = write(rowsPerDeploy, `deploy ${deploy}`);
        const next: Api[] = [];
        for (const node of old) {
          next.push(await start());
          await stop(node);
        }
        await writing;
        old = next;
      }
      log('deployed anew');
      const wholeAt = performance.now();
      await caughtUp(() => judgeRelay(committed, given).lost === 0);
      const convergedMs = Math.round(performance.now() - wholeAt);
      for (const node of old) await stop(node);

      const verdict = judgeRelay(committed, given);
      if (verdict.lost > 0)
        violations.push({ breach: 'lost', detail: `the consumer was never given ${verdict.lost} committed events` });
      if (verdict.phantom > 0)
        violations.push({
          breach: 'phantom',
          detail: `the consumer was given ${verdict.phantom} events that never were`,
        });
      if (verdict.late > 0)
        violations.push({
          breach: 'reordered',
          detail: `${verdict.late} events came after a later one of their channel`,
        });
      const most = steps.length * batchEvents * concurrency;
      if (verdict.repeated > most)
        violations.push({
          breach: 'duplicated',
          detail: `${verdict.repeated} events came twice; kills explain ${most}`,
        });

      return {
        acknowledged: committed.length,
        violations,
        convergedMs: violations.length === 0 ? convergedMs : null,
        figures: {
          kills: steps.length,
          'given twice': verdict.repeated,
        },
      };
    } finally {
      for (const node of nodes) await node.close();
      await world.close();
    }
  },
};

const catchUpSends = 40;
/** Heap that catching up may take: pages in hand, and what of them is not collected yet. */
const mostHeapMb = 150;

/** The log goes on without the consumer, by 100,000 events in 1,000 channels. It comes back, and has to get through in bounded memory while people send. */
export const consumerBacklog: Fault = {
  id: 'F17b',
  title: 'a consumer comes back to a backlog of 100,000 events while people send',
  runs: { full: 1, short: 1 },
  async run({ short, worlds, log }) {
    const world = await worlds.inside();
    const { databaseUrl } = world;
    let node: Api | undefined;
    try {
      const tenant = await world.tenant();
      const { appId } = tenant;
      await tenant.server.upsertUsers([{ id: 'ada' }]);
      const { id } = await tenant.server.createChannel({ type: 'messaging', key: 'live', memberIds: ['ada'] });
      const sendUntil = async (done: () => boolean): Promise<number[]> => {
        const took: number[] = [];
        while (!done()) {
          const sentAt = performance.now();
          await tenant.server.sendMessage('ada', { channelId: id, text: 'meanwhile' });
          took.push(performance.now() - sentAt);
        }
        return took;
      };
      let sends = 0;
      const before = await sendUntil(() => {
        sends += 1;
        return sends > catchUpSends;
      });

      const size = short ? { channels: 100, eventsEach: 20 } : { channels: 1_000, eventsEach: 100 };
      const backlog = await writeBacklog({ databaseUrl, appId, ...size, firstMark: 1 });
      const given: Relayed[] = [];
      const consumer = markedConsumer(uniqueId('chaos').toLowerCase(), appId, (events) => void given.push(...events), {
        batchEvents: 100,
      });
      const heapBefore = heapMb();
      let heap = 0;
      const startedAt = performance.now();
      node = await startNode(databaseUrl, consumer);
      const caught = caughtUp(() => {
        heap = Math.max(heap, heapMb() - heapBefore);
        return given.length >= backlog.length;
      });
      let done = false;
      const meanwhile = sendUntil(() => done);
      await caught;
      const seconds = (performance.now() - startedAt) / 1_000;
      done = true;
      const took = await meanwhile;
      log(`${backlog.length} events behind, caught up in ${seconds.toFixed(1)} s`);
      const verdict = judgeRelay(backlog, given);
      const violations: Violation[] = [];
      if (verdict.lost + verdict.late + verdict.phantom + verdict.repeated > 0)
        violations.push({ breach: 'lost', detail: `the backlog came as ${JSON.stringify(verdict)}` });
      if (heap > mostHeapMb)
        violations.push({ breach: 'promise', detail: `catching up took ${heap} MB of heap, over ${mostHeapMb}` });
      return {
        acknowledged: before.length + took.length,
        violations,
        convergedMs: violations.length === 0 ? Math.round(seconds * 1_000) : null,
        figures: {
          backlog: backlog.length,
          'events a second': Math.round(backlog.length / seconds),
          'heap meanwhile, MB': heap,
          'send p50 before, ms': Math.round(percentile(before, 0.5)),
          'send p50 meanwhile, ms': Math.round(percentile(took, 0.5)),
          'send p99 meanwhile, ms': Math.round(percentile(took, 0.99)),
        },
      };
    } finally {
      await node?.close();
      await world.close();
    }
  },
};

const heapMb = () => Math.round(process.memoryUsage().heapUsed / 2 ** 20);
