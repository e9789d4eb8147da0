import { subjects } from '@parley/contracts/bus';
import { callRpc, createMemoryBus } from '@parley/service-kit';
import { createFaultyBus, type FaultyBus, startTcpProxy, type TcpProxy, type TestDatabase } from '@parley/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../test/eventually.ts';
import { migratedDatabase } from '../test/ground.ts';
import { createWorld, type World, type WorldApp } from '../test/world.ts';

const sendMessage = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { seq } }';
const room = 'messaging:room';

async function roomOf(app: WorldApp): Promise<void> {
  await app.data('mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
    input: { type: 'messaging', key: 'room', memberIds: ['ada'] },
  });
}
const send = (app: WorldApp, text: string) =>
  app.execute(sendMessage, { input: { channelId: room, text } }, { as: { user: 'ada' } });

describe('without the database', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let world: World;
  beforeAll(async () => {
    database = await migratedDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    const direct = new URL(database.url);
    proxy = await startTcpProxy({ target: { host: direct.hostname, port: Number(direct.port) } });
    direct.port = String(proxy.port);
    world = await createWorld({ databaseUrl: direct.href });
  });
  afterEach(async () => {
    await proxy.heal();
    await world.close();
    await proxy.close();
  });

  const readiness = async () => {
    const response = await fetch(`${world.url}/readyz`);
    return { status: response.status, body: await response.json() };
  };

  test.each(['refuse', 'halfOpen'] as const)(
    'the node says that it is not ready, answers unavailable, and recovers (%s)',
    async (error) => {
      const app = await world.app();
      await roomOf(app);
      expect(await readiness()).toMatchObject({ status: 200, body: { ok: true, checks: { postgres: 'ok' } } });

      await proxy[error]();
      expect(await readiness()).toMatchObject({ status: 503, body: { ok: false } });
      expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
      expect(await send(app, 'lost')).toMatchObject({
        errors: [{ extensions: { code: 'unavailable', retryable: true } }],
      });

      await proxy.heal();
      await eventually(async () => expect(await readiness()).toMatchObject({ status: 200 }));
      await eventually(async () =>
        expect(await send(app, 'back')).toMatchObject({ data: { sendMessage: { seq: 2 } } }),
      );
    },
  );
});

describe('without the bus', () => {
  let bus: FaultyBus;
  let world: World;
  beforeAll(async () => {
    bus = createFaultyBus(createMemoryBus());
    world = await createWorld({ bus });
  });
  afterAll(() => world.close());

  test('sends succeed, the node stays ready, and watchers get all of it when the bus is back', async () => {
    const app = await world.app();
    await roomOf(app);
    const seen: number[] = [];
    bus.subscribe(subjects.channel(app.appId, room), (payload) => {
      for (const event of JSON.parse(payload).events) seen.push(event.seq);
    });
    bus.cut();
    for (const text of ['one', 'two', 'three'])
      expect(await send(app, text)).toMatchObject({ data: { sendMessage: {} } });
    expect((await fetch(`${world.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${world.url}/metrics`)).text()).toContain('parley_bus_connected{service="api"} 0');
    bus.heal();
    await eventually(() => expect(seen).toEqual([2, 3, 4]));
    expect(await (await fetch(`${world.url}/metrics`)).text()).toContain('parley_bus_connected{service="api"} 1');
  });
});

describe('closing', () => {
  test('lets sends in hand end, and their events reach the bus, before it closes the database', async () => {
    const bus = createMemoryBus();
    const world = await createWorld({ bus });
    const app = await world.app();
    await roomOf(app);
    const seen: number[] = [];
    const first = new Promise<void>((resolve) => {
      bus.subscribe(subjects.channel(app.appId, room), (payload) => {
        for (const event of JSON.parse(payload).events) seen.push(event.seq);
        resolve();
      });
    });
    const sends = Array.from({ length: 30 }, (_, index) => send(app, `${index}`));
    await first;
    const closed = world.api.close();
    const results = await Promise.all(sends);
    await closed;
    const sent = results.filter((result) => result.data !== null && result.errors === undefined);
    const refused = results.filter((result) => result.errors !== undefined);
    expect(sent.length).toBeGreaterThan(0);
    for (const result of refused) expect(result).toMatchObject({ errors: [{ extensions: { code: 'unavailable' } }] });
    await eventually(() => expect(seen).toEqual(sent.map((_, index) => index + 2)));
    await world.close();
  });

  test('ends the answers on the bus and may be repeated', async () => {
    const bus = createMemoryBus();
    const world = await createWorld({ bus });
    await world.api.close();
    const heads = callRpc(bus, 'channel.heads', { channels: [] }, { timeoutMs: 1_000 });
    await expect(heads).rejects.toMatchObject({ code: 'unavailable' });
    expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
    await world.close();
  });
});
