import { reservedChannel, subjects } from '@parley/contracts/bus';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CanaryNode, createCanaryWorld, patient } from '../../test/canary-world.ts';
import { RawClient } from '../../test/raw-client.ts';
import { Renderer } from '../broadcast/renderer.ts';

// Results are waited for, on sockets of a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const probes = subjects.channel(reservedChannel.appId, reservedChannel.channelId);

async function twoNodes() {
  const world = createCanaryWorld();
  const [ada, bob] = [await world.start('ada'), await world.start('bob')];
  const all: readonly (readonly [CanaryNode, CanaryNode])[] = [
    [ada, ada],
    [ada, bob],
    [bob, bob],
    [bob, ada],
  ];
  await world.seconds(3, all);
  return { ...world, ada, bob, all };
}

test('nodes that hear each other are ready, each with one socket and one probe a second', async () => {
  const { ada, bob, all, bus, seconds } = await twoNodes();
  const published = vi.spyOn(bus, 'publish');
  const before = ada.fanout.stats().deliveries;
  await seconds(10, all);
  expect(published.mock.calls.filter(([subject]) => subject === probes)).toHaveLength(20);
  for (const node of [ada, bob]) expect(await node.check()).toBe('ok');
  expect(Object.keys(await ada.ages())).toEqual(['ada', 'bob']);
  expect(await ada.metric('parley_canary_alarm')).toBe(0);
  expect(await ada.metric('parley_canary_peers')).toBe(1);
  await expect.poll(() => ada.fanout.stats().deliveries, patient).toBeGreaterThanOrEqual(before + 20);
  expect(ada.fanout.stats()).toMatchObject({ sockets: 1, topics: 1 });
});

test('a node to which the bus silently stops delivering is not ready within 10 s, the other stays; it recovers by itself', async () => {
  const { ada, bob, all, seconds } = await twoNodes();
  bob.bus.drops = () => true;
  await seconds(10, [
    [ada, ada],
    [ada, bob],
  ]);
  expect(await bob.check()).toMatch(
    /^unable to hear itself through the fan-out path for \d+ s; live events may be late/,
  );
  expect(await bob.metric('parley_canary_alarm')).toBe(1);
  expect((await fetch(`${bob.url}/readyz`)).status).toBe(503);
  expect(await ada.check()).toBe('ok');

  bob.bus.drops = () => false;
  await seconds(2, all);
  for (const node of [ada, bob]) expect(await node.check()).toBe('ok');
  expect(await bob.metric('parley_canary_alarm')).toBe(0);
});

test('a way from one node that is broken while that node lives is named, by the node that does not hear', async () => {
  const { ada, bob, all, seconds } = await twoNodes();
  bob.bus.drops = (subject, payload) => subject === probes && payload.includes('"id":"ada"');
  await seconds(4, [
    [ada, ada],
    [ada, bob],
    [bob, bob],
  ]);
  expect(await bob.check()).toBe('ok');
  await seconds(3, [
    [ada, ada],
    [ada, bob],
    [bob, bob],
  ]);
  expect(await bob.check()).toMatch(/^unable to hear node ada through the fan-out path for \d s; /);
  expect(await ada.check()).toBe('ok');
  bob.bus.drops = () => false;
  await seconds(2, all);
  expect(await bob.check()).toBe('ok');
});

test('a node whose probes reach nobody takes itself out, and not the others with it', async () => {
  const { ada, bob, seconds } = await twoNodes();
  for (const { bus } of [ada, bob])
    bus.drops = (subject, payload) => subject === probes && payload.includes('"id":"ada"');
  await seconds(10, [
    [bob, bob],
    [ada, bob],
  ]);
  expect(await ada.check()).toContain('unable to hear itself');
  expect(await bob.check()).toBe('ok');
});

test('a rendering that fails between topic and socket alarms, and the report names its error', async () => {
  const { ada, bob, all, seconds } = await twoNodes();
  const broken = vi.spyOn(Renderer.prototype, 'render').mockImplementation(() => {
    throw new Error('a field of the schema is gone');
  });
  onTestFinished(() => broken.mockRestore());
  await seconds(10, []);
  for (const node of [ada, bob]) {
    expect(await node.check()).toContain('unable to hear itself through the fan-out path');
    await vi.waitFor(async () => {
      await seconds(1, []);
      expect(await node.check()).toContain('the client of this node: its subscription ended; unable to');
    }, patient);
  }
  broken.mockRestore();
  // It connects again, subscribes and hears: no more than that is needed.
  await vi.waitFor(async () => {
    await seconds(1, []);
    for (const node of [ada, bob]) expect(await node.check()).toBe('ok');
  }, patient);
  await seconds(1, all);
});

test('a node whose socket is cut connects again without an alarm', async () => {
  const { ada, all, seconds } = await twoNodes();
  ada.cutSockets();
  await expect.poll(() => ada.fanout.stats().sockets, patient).toBe(0);
  await seconds(1, []);
  await expect.poll(() => ada.fanout.stats().topics, patient).toBe(1);
  await seconds(4, all);
  expect(await ada.check()).toBe('ok');
});

test('a node that says goodbye, and one that dies, are gone and alarm nobody', async () => {
  const { ada, bob, seconds, start } = await twoNodes();
  await bob.fanout.close();
  await expect.poll(() => ada.ages(), patient).toEqual({ ada: expect.any(Number) });
  const eve = await start('eve');
  await seconds(2, [
    [ada, eve],
    [ada, ada],
  ]);
  // As a process that was killed: nothing of it is heard any more.
  ada.bus.drops = (_subject, payload) => payload.includes('"eve"');
  for (let second = 0; second < 12; second += 1) {
    await seconds(1, [[ada, ada]]);
    expect(await ada.check()).toBe('ok');
  }
  expect(await ada.ages()).toEqual({ ada: 0 });
});

test('while the bus is away for everyone only that is said, and nothing when it is back', async () => {
  const { ada, bob, all, bus, seconds } = await twoNodes();
  bus.cut();
  await seconds(30, []);
  for (const node of [ada, bob]) {
    expect(await node.check()).toBe('ok');
    expect(await node.fanout.health.ready()).toMatchObject({
      ok: false,
      checks: { bus: expect.stringContaining('bus') },
    });
  }
  bus.heal();
  await seconds(3, all);
  for (const node of [ada, bob]) expect(await node.fanout.health.ready()).toMatchObject({ ok: true });
});

test('a clock that is set wrong by ten minutes, either way, is no broken path', async () => {
  const { ada, all, clock, seconds } = await twoNodes();
  const shift = vi.spyOn(clock, 'now').mockReturnValue(clock.now() + 600_000);
  await seconds(2, all);
  expect(await ada.check()).toBe('ok');
  shift.mockReturnValue(clock.now() - 1_200_000);
  await seconds(2, all);
  expect(await ada.check()).toBe('ok');
});

test('its own session asks the API for nothing', async () => {
  const { all, bus, seconds } = await twoNodes();
  await seconds(25, all);
  expect([...bus.requests.keys()]).toEqual([]);
});

test('nobody else gets into the reserved channel', async () => {
  const { ada, bus } = await twoNodes();
  // Stands for an API that knows every token but the canary's.
  const asked: string[] = [];
  bus.respond(subjects.rpc('session.open'), 'parley-api', async (payload) => {
    asked.push(payload);
    return JSON.stringify({ ok: false, fault: { code: 'unauthenticated', message: 'unable to authenticate' } });
  });
  for (const token of ['', 'canary', 'a'.repeat(43), reservedChannel.appId]) {
    const client = await new RawClient(`ws://127.0.0.1:${ada.port}/graphql`).opened();
    client.send({ type: 'connection_init', payload: { token } });
    expect((await client.closed).code).toBeGreaterThanOrEqual(1013);
  }
  expect(asked.length).toBeGreaterThan(0);
});

test('a node that is closed has no socket, no topic and no timer of its canary left', async () => {
  const { ada, bob, clock } = await twoNodes();
  await Promise.all([ada.fanout.close(), bob.fanout.close()]);
  expect(ada.fanout.stats()).toMatchObject({ sockets: 0, topics: 0, sessions: 0, operations: 0 });
  const before = clock.pending;
  await clock.advanceAsync(5_000);
  expect(clock.pending).toBeLessThanOrEqual(before);
});
