import { startNode } from './consumers/consumer-node.ts';
import { isConsumerDeathStep } from './consumers/death-steps.ts';
import { markedConsumer } from './consumers/marked-consumer.ts';
import type { Relayed } from './outbox/relay-check.ts';

// An API node of its own process with a consumer, that kills itself (as kill -9 would) at the step it was told. What it handles is at its parent before the
// next step begins.
const [databaseUrl = '', name = '', appId = '', step = ''] = process.argv.slice(2);
if (!isConsumerDeathStep(step)) throw new Error(`unable to consume; there is no step ${step}`);

const die = () => process.kill(process.pid, 'SIGKILL');
const dieAt = (reached: string) => {
  if (reached === step) die();
};

const sendToParent = (events: readonly Relayed[]) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(events, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });

let watch: () => void = () => undefined;
const watched = new Promise<void>((resolve) => {
  watch = resolve;
});

const consumer = markedConsumer(name, appId, async (events) => {
  await watched;
  dieAt('before a batch is handled');
  const half = Math.ceil(events.length / 2);
  await sendToParent(events.slice(0, half));
  dieAt('in the middle of a batch');
  await sendToParent(events.slice(half));
  dieAt('after a batch is handled');
  if (step === 'before the leases are given up') void api.close();
});

const api = await startNode(databaseUrl, consumer);
api.db.onStatement((text) => {
  if (text.startsWith('-- consumer-read')) dieAt('before a page is read');
  if (text.includes('SET lag_events')) dieAt('before the lag is stored');
  if (text.includes('SET runner_id = NULL')) dieAt('before the leases are given up');
  if (!text.startsWith('-- consumer-move')) return;
  dieAt('before the cursor is written');
  // The commit is at the server by then, or is not: both are right.
  setTimeout(() => dieAt('around the commit of the cursor'), 1);
  setTimeout(() => dieAt('after the cursor is written'), 200);
});
watch();
