import { runService, type ServiceKind } from '@parley/cli/cluster';
import { createClient } from '@parley/sdk-js';
import { createServerClient } from '@parley/sdk-server';
import { createDatabase, freePort, requireTool, startNats } from '@parley/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { runParley } from './parley-process.ts';
import { eventually, open, textsOf } from './two-people-chat.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(kind: ServiceKind, environment: Readonly<Record<string, string>>) {
  const port = await freePort();
  const service = runService(kind, { HOST: '127.0.0.1', PORT: String(port), ...environment });
  const stop = () => {
    service.signal('SIGTERM');
    return service.exited;
  };
  cleanups.push(stop);
  return { ...service, stop, url: `http://127.0.0.1:${port}` };
}

const readiness = (url: string) => fetch(`${url}/readyz`).then(({ status }) => status);

const nats = requireTool('nats-server');

describe.skipIf(nats.missing)(nats.label('services as processes of their own'), () => {
  test('an API and a fan-out that know each other by NATS alone carry a conversation, and stop when told', async () => {
    const broker = await startNats();
    cleanups.push(() => broker.stop());
    const database = await createDatabase();
    cleanups.push(() => database.drop());
    const { keyId, secret } = await createApp(database.url);
    const api = await start('api', { DATABASE_URL: database.url, NATS_URL: broker.url, TEST_MODE: 'true' });
    const fanout = await start('fanout', { NATS_URL: broker.url });
    const [apiUrl, fanoutUrl] = [api.url, fanout.url];
    for (const url of [apiUrl, fanoutUrl]) {
      await expect.poll(() => readiness(url).catch(() => 0), { timeout: 60_000 }).toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_cpu_seconds_total');
    }

    const server = createServerClient({ url: `${apiUrl}/graphql`, keyId, secret });
    await server.upsertUsers([{ id: 'ada' }, { id: 'bob' }]);
    const { id } = await server.createChannel({ type: 'messaging', key: 'alone', memberIds: ['ada', 'bob'] });
    const client = createClient({
      url: `${apiUrl}/graphql`,
      subscriptionsUrl: `${fanoutUrl.replace('http', 'ws')}/graphql`,
      getToken: () => server.mintUserToken('bob'),
    });
    const channel = await open(client, id);
    await server.sendMessage('ada', { channelId: id, text: 'across processes' });
    await eventually(() => expect(textsOf(channel)).toEqual(['across processes']));
    client.disconnect();
    for (const service of [fanout, api]) expect(await service.stop()).toBe(0);
  });
});

/** As whoever operates the platform makes the first tenant. */
async function createApp(databaseUrl: string): Promise<{ keyId: string; secret: string }> {
  const parley = runParley(['create-app', '--name', 'Alone'], { DATABASE_URL: databaseUrl, TEST_MODE: 'true' });
  expect([await parley.exited, parley.stderr()]).toEqual([0, '']);
  const line: unknown = JSON.parse(parley.stdout());
  expect(line).toEqual({ appId: expect.any(String), apiKey: expect.any(String), apiSecret: expect.any(String) });
  const { apiKey, apiSecret } = line as { apiKey: string; apiSecret: string };
  return { keyId: apiKey, secret: apiSecret };
}

test('create-app without a database says so in one sentence', async () => {
  const parley = runParley(['create-app', '--name', 'Nowhere'], { DATABASE_URL: '' });
  expect(await parley.exited).toBe(1);
  expect(parley.stderr()).toContain('DATABASE_URL');
  expect(parley.stdout()).toBe('');
});

test.each(['api', 'fanout'] as const)('%s prints every fault of its environment and exits with 1', async (name) => {
  const service = await start(name, { PORT: 'http', LOG_LEVEL: 'loud' });
  expect(await service.exited).toBe(1);
  for (const variable of [name === 'api' ? 'DATABASE_URL' : 'NATS_URL', 'PORT', 'LOG_LEVEL'])
    expect(service.lastStderr()).toContain(variable);
});
