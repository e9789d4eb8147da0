import { randomUUID } from 'node:crypto';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { fakeClock, type TestDatabase } from '@parley/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { newApp, openChannel, say } from '../test/chat.ts';
import { eventually } from '../test/eventually.ts';
import { createGround, migratedDatabase } from '../test/ground.ts';
import { createRoom } from '../test/room.ts';
import { createWorld } from '../test/world.ts';
import { createApi } from './api.ts';
import type { Foundation } from './foundation.ts';
import { defineConsumer } from './platform/consumers/define-consumer.ts';
import { defineJob } from './platform/job-queue/define-job.ts';

/** What the greeter did, and the part of it that refuses to be made. */
const greeter = vi.hoisted(() => ({
  greeted: [] as string[],
  attempts: [] as number[],
  broken: '',
}));

/** What is sent, apart from how it is worked on. */
const greet = { name: 'greet', schema: z.object({ name: z.string() }) };
const salute = { name: 'salute', schema: z.object({ name: z.string() }) };

vi.mock('./modules/index.ts', async (original) => {
  const { modules } = await original<typeof import('./modules/index.ts')>();
  const { defineModule, none } = await import('./module.ts');
  const mayFail = (part: string) => {
    if (greeter.broken === part) throw new Error(`${part} refused`);
  };
  /** A module whose consumer sends a job, which sends another one, which needs the service. */
  const greeterModule = defineModule({
    name: 'greeter',
    services(_foundation: Foundation, _before: object) {
      mayFail('services');
      return { greeter: { greet: (name: string) => void greeter.greeted.push(name) } };
    },
    loaders: none,
    rpc: none,
    recurring() {
      mayFail('recurring');
      return [];
    },
    jobs({ services, jobs }) {
      mayFail('jobs');
      return [
        defineJob({ ...greet, work: async (input) => void (await jobs.send(salute, input)) }),
        defineJob({ ...salute, work: async ({ name }) => services.greeter.greet(name) }),
      ];
    },
    consumers({ jobs }) {
      mayFail('consumers');
      return [
        defineConsumer({
          name: 'greeter',
          start: 'earliest',
          scope: 'all',
          retryMs: 1,
          async handle({ events }, { attempt }) {
            greeter.attempts.push(attempt);
            for (const event of events) if ('message' in event) await jobs.send(greet, { name: event.message.text });
          },
          missed: async () => undefined,
        }),
      ];
    },
  });
  return { modules: modules.with(greeterModule) };
});

beforeEach(() => {
  greeter.greeted.length = 0;
  greeter.attempts.length = 0;
  greeter.broken = '';
});

test('the consumer of a module sends a job of it with the first event that it is given', async () => {
  const ground = await createGround();
  onTestFinished(() => ground.close());
  const node = await ground.node();
  const { appId } = await newApp(node);
  const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
  for (const name of names) {
    await openChannel(node.db, appId, name);
    await say(node.log, appId, name, name);
  }
  const early: Promise<string | null>[] = [];
  const world = await createWorld({
    databaseUrl: ground.url,
    jobs({ jobs }) {
      // Before there is a queue.
      early.push(jobs.send(greet, { name: 'early' }));
      return [];
    },
  });
  onTestFinished(() => world.close());
  expect(await Promise.all(early)).toEqual([expect.any(String)]);
  await eventually(() => expect(greeter.greeted.toSorted()).toEqual(['early', ...names]));
  expect(greeter.attempts).toEqual(names.map(() => 1));
});

test('whoever embeds the node makes consumers and jobs from what it has', async () => {
  const kind = { name: `look-up-${randomUUID()}`, schema: z.object({ appId: z.string() }) };
  const found: (string | undefined)[] = [];
  const refusals: unknown[] = [];
  const world = await createWorld({
    jobs: ({ services }) => [
      defineJob({ ...kind, work: async ({ appId }) => void found.push((await services.apps.find(appId))?.id) }),
    ],
    consumers: ({ jobs }) => [
      defineConsumer({
        name: `look-up-${randomUUID()}`,
        start: 'head',
        scope: 'all',
        async handle({ appId }) {
          await jobs.send({ ...kind, name: 'nobody' }, { appId }).catch((error: unknown) => refusals.push(error));
          await jobs.send(kind, { appId });
        },
        missed: async () => undefined,
      }),
    ],
  });
  onTestFinished(() => world.close());
  const room = await createRoom(world);
  await room.act('sendMessage', { channelId: await room.open('general'), text: 'hello' });
  await eventually(() => expect(found).toContain(room.app.appId));
  expect(refusals[0]).toMatchObject({ code: 'invalid_input', details: { field: 'name' } });
});

let database: TestDatabase;
let sql: Client;
beforeAll(async () => {
  database = await migratedDatabase();
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const connections = async () =>
  (
    await sql.query(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
  ).rows;

test.each(['services', 'recurring', 'jobs', 'consumers'])(
  'a node whose module fails at its %s does not start, and leaves nothing open',
  async (part) => {
    greeter.broken = part;
    const clock = fakeClock(Date.now());
    const bus = createMemoryBus();
    onTestFinished(() => bus.close());
    const starting = createApi({ databaseUrl: database.url, bus, logger: silentLogger(), clock, testMode: true });
    await expect(starting).rejects.toThrow(`${part} refused`);
    await eventually(async () => expect(await connections()).toEqual([]));
    expect(clock.pending).toBe(0);
  },
);

test('two consumers of one name, which would share their cursors, are refused', async () => {
  const twice = defineConsumer({
    name: 'greeter',
    start: 'head',
    scope: 'all',
    handle: async () => undefined,
    missed: async () => undefined,
  });
  const bus = createMemoryBus();
  onTestFinished(() => bus.close());
  const options = { databaseUrl: database.url, bus, logger: silentLogger(), testMode: true };
  await expect(createApi({ ...options, consumers: [twice] })).rejects.toMatchObject({
    code: 'invalid_input',
    message: 'unable to start; two consumers have the name greeter',
  });
  await eventually(async () => expect(await connections()).toEqual([]));
});
