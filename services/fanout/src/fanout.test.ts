import { createMemoryBus, createMetrics, silentLogger } from '@parley/service-kit';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { created } from '../test/events.ts';
import { tokenOf } from '../test/fake-api.ts';
import { startWorld, watchChannel } from '../test/world.ts';
import { createFanout } from './index.ts';

const general = 'messaging:general';

test('the reference client of the protocol subscribes, queries and completes', async () => {
  const world = await startWorld();
  const client = createClient({
    url: world.url,
    webSocketImpl: WebSocket,
    connectionParams: { token: tokenOf({ userId: 'ada' }) },
    keepAlive: 20,
  });
  onTestFinished(() => void client.dispose());
  const events = client.iterate<{ channelEvents: { __typename: string; seq?: number } }>({
    query: watchChannel,
    variables: { channelId: general, after: 0 },
  });
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const { data } of events) if (seen.push(data?.channelEvents.seq) === 3) break;
  })();
  await expect.poll(() => seen).toEqual([0]);
  world.api.channel(general).append(created(general, 'one'), created(general, 'two'));
  await reading;
  expect(seen).toEqual([0, 1, 2]);
  await expect.poll(() => world.fanout.stats()).toMatchObject({ operations: 0, topics: 0 });

  const answers = [];
  for await (const answer of client.iterate({ query: '{ me { id } }' })) answers.push(answer);
  expect(answers).toEqual([{ data: { ok: true } }]);
  await expect(client.iterate({ query: '{ broken' }).next()).rejects.toMatchObject([
    { extensions: { code: 'invalid_query' } },
  ]);
});

test('a node that shuts down says everything it has to say, then sends everybody away with 1012', async () => {
  const world = await startWorld();
  const clients = await Promise.all(Array.from({ length: 120 }, (_, n) => world.connect(`user-${n}`)));
  for (const client of clients) {
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
  }
  const silent = await world.raw().opened();
  world.api.channel(general).append(created(general, 'last words'));
  await expect.poll(() => world.fanout.stats().deliveries).toBe(240);
  const closing = world.fanout.close();
  for (const client of clients) {
    expect(await client.closed).toEqual({ code: 1012, reason: expect.stringContaining('reconnect and resume') });
    expect(client.seqs('1')).toEqual([1]);
  }
  expect(await silent.closed).toMatchObject({ code: 1012 });
  await closing;
  await world.fanout.close();
  expect(world.fanout.stats()).toMatchObject({ sockets: 0, sessions: 0, operations: 0, topics: 0 });
  expect(await world.fanout.health.ready()).toMatchObject({ ok: false });
});

test('while it shuts down no new connection is taken', async () => {
  const world = await startWorld();
  await world.fanout.close();
  expect(await world.raw().closed).toMatchObject({ code: 1006 });
  const response = await fetch(world.httpUrl, { method: 'POST', headers: { accept: 'text/event-stream' }, body: '{}' });
  expect(response.status).toBe(503);
});

test('a socket to another path is refused', async () => {
  const world = await startWorld();
  const socket = new WebSocket(world.url.replace('/graphql', '/other'), 'graphql-transport-ws');
  const failure = new Promise<Error>((resolve) => socket.once('error', resolve));
  expect((await failure).message).toContain('404');
});

test('the health pages say whether the bus is there', async () => {
  const world = await startWorld();
  const ready = () => fetch(world.httpUrl.replace('/graphql', '/readyz')).then(({ status }) => status);
  expect(await ready()).toBe(200);
  world.bus.cut();
  expect(await ready()).toBe(503);
  world.bus.heal();
  expect(await ready()).toBe(200);
});

test('the metrics show what the node holds', async () => {
  const metrics = createMetrics('fanout');
  const bus = createMemoryBus();
  const fanout = createFanout({ bus, logger: silentLogger(), metrics });
  onTestFinished(async () => {
    await fanout.close();
    await bus.close();
  });
  expect(await metrics.text()).toMatch(/parley_fanout_sockets\{service="fanout"\} 0/);
});
