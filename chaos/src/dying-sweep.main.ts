import { createApi } from '@parley/api';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { isDeathStep } from './outbox/death-steps.ts';

// An API node of its own process that does nothing but sweep the outbox, and kills itself (as kill -9 would) at the step it was told. What it
// publishes goes to its parent, and is on its way before the next step begins.
const [databaseUrl = '', step = ''] = process.argv.slice(2);
if (!isDeathStep(step)) throw new Error(`unable to sweep; there is no step ${step}`);

const die = () => process.kill(process.pid, 'SIGKILL');
const dieAt = (reached: string) => {
  if (reached === step) die();
};
let published = 0;
let deleted = false;

const sendToParent = (subject: string, payload: string) =>
  new Promise<void>((resolve, reject) => {
    process.send?.({ subject, payload }, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });

const bus = createMemoryBus();
const api = await createApi({
  databaseUrl,
  logger: silentLogger(),
  testMode: true,
  poolSize: 4,
  bus: {
    ...bus,
    connected: true,
    async publish(subject, payload) {
      if (!subject.includes('.channel.')) return;
      if (published === 0) dieAt('before the first copy is published');
      await sendToParent(subject, payload);
      published += 1;
      if (published === 1) dieAt('after the first copy is published');
    },
  },
});

api.db.onStatement((text) => {
  if (text.includes('SKIP LOCKED') && text.includes('outbox')) dieAt('before the rows are taken');
  if (text.includes('DELETE FROM outbox')) {
    dieAt('before the rows are deleted');
    deleted = true;
    setImmediate(() => dieAt('after the rows are deleted'));
  } else if (deleted && text === 'COMMIT') {
    dieAt('before the commit');
    // The commit is at the server by then, or is not: both are right.
    setTimeout(() => dieAt('around the commit'), 1);
    setTimeout(() => dieAt('after the commit'), 200);
  }
});
