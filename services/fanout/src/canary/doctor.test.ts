import { reservedChannel, subjects } from '@parley/contracts/bus';
import type { FakeClock } from '@parley/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CanaryNode, createCanaryWorld } from '../../test/canary-world.ts';
import { Renderer } from '../broadcast/renderer.ts';
import type { DoctorReport } from './doctor.ts';

const probes = subjects.channel(reservedChannel.appId, reservedChannel.channelId);
const well = { postgres: { ok: true, ms: 1 } };

/** A node, and an API that says this of its database; null: there is none. */
async function patient(database: object | null = well) {
  const world = createCanaryWorld();
  let pings = 0;
  if (database !== null)
    world.bus.respond(subjects.rpc('health.ping'), 'parley-api', async () => {
      pings += 1;
      return JSON.stringify({ ok: true, value: database });
    });
  const node = await world.start('ada');
  return { ...world, node, pings: () => pings };
}

async function ask(node: CanaryNode, accept = 'application/json') {
  const response = await fetch(`${node.url}/doctor`, { headers: { accept } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

async function examine(node: CanaryNode): Promise<DoctorReport & { readonly status: number }> {
  const { status, text } = await ask(node);
  // It is what the page promises.
  return { ...(JSON.parse(text) as DoctorReport), status };
}

/** Examinations wait for what is broken, and for each other: time is moved for them. */
async function inTime<Result>({ clock }: { readonly clock: FakeClock }, answer: Promise<Result>): Promise<Result> {
  let done = false;
  void answer.finally(() => {
    done = true;
  });
  await vi.waitFor(async () => {
    await clock.advanceAsync(500);
    if (!done) throw new Error('it is not done');
  });
  return await answer;
}

const passed = ({ hops }: DoctorReport) => hops.filter(({ ok }) => ok).map(({ hop }) => hop);

test('a healthy node says so, with the time of every hop', async () => {
  const { node } = await patient();
  const report = await examine(node);
  expect(report).toMatchObject({
    status: 200,
    ok: true,
    firstFailure: null,
    nodeId: 'ada',
    api: { ok: true },
    ...well,
  });
  expect(passed(report)).toEqual(['publish', 'bus', 'fanout', 'socket', 'client']);
  for (const { ms } of report.hops) expect(ms).toBeGreaterThanOrEqual(0);
  expect(report.paths).toEqual([{ nodeId: 'ada', silentSeconds: expect.any(Number), broken: false }]);
});

test('people get text, and nobody may keep either', async () => {
  const world = await patient();
  const { node } = world;
  const { status, headers, text } = await ask(node, 'text/plain');
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'text/plain; charset=utf-8' });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(text).toContain('Parley fan-out node ada: all is well');
  expect(text).toMatch(/client +ok +[\d.]+ ms/);
  expect((await inTime(world, fetch(`${node.url}/doctor`, { method: 'HEAD' }))).status).toBe(200);
  expect((await fetch(`${node.url}/doctor`, { method: 'POST' })).status).toBe(404);
});

test('many who ask at once share one examination', async () => {
  const world = await patient();
  // The first has to wait for its answer until all have asked.
  world.node.bus.drops = (subject) => subject === probes;
  const reports = Promise.all(Array.from({ length: 50 }, () => examine(world.node)));
  await expect.poll(() => world.pings()).toBe(1);
  await fetch(`${world.node.url}/healthz`);
  expect((await inTime(world, reports)).every(({ firstFailure }) => firstFailure === 'bus')).toBe(true);
  expect(world.pings()).toBeLessThanOrEqual(2);
});

test('who asks again at once waits for a tenth of a second', async () => {
  const { node, clock, pings } = await patient();
  await examine(node);
  const second = examine(node);
  await expect(Promise.race([second, fetch(`${node.url}/healthz`).then(() => 'waiting')])).resolves.toBe('waiting');
  expect(pings()).toBe(1);
  await clock.advanceAsync(100);
  expect(await second).toMatchObject({ ok: true });
  expect(pings()).toBe(2);
});

test('a bus that does not take the probe', async () => {
  const world = await patient();
  world.bus.cut();
  const report = await inTime(world, examine(world.node));
  expect(report).toMatchObject({ status: 503, ok: false, firstFailure: 'publish', api: { ok: false } });
  expect(report.hops[0]?.error).toContain('unable to reach the bus');
  expect(report.postgres).toEqual({ ok: false, ms: null, error: 'unable to tell; the API did not answer' });
});

test('a bus that takes the probe and does not deliver it', async () => {
  const world = await patient();
  world.node.bus.drops = (subject) => subject === probes;
  const report = await inTime(world, examine(world.node));
  expect(report).toMatchObject({ status: 503, firstFailure: 'bus', api: { ok: true } });
  expect(passed(report)).toEqual(['publish']);
});

test('a rendering that fails', async () => {
  const world = await patient();
  const broken = vi.spyOn(Renderer.prototype, 'render').mockImplementation(() => {
    throw new Error('the secret is 12345');
  });
  onTestFinished(() => broken.mockRestore());
  const report = await inTime(world, examine(world.node));
  expect(report).toMatchObject({ status: 503, firstFailure: 'fanout' });
  expect(passed(report)).toEqual(['publish', 'bus']);
  expect(JSON.stringify(report)).not.toContain('12345');
});

test('a socket that cannot be opened', async () => {
  const world = await patient();
  const { fanout, cutSockets } = world.node;
  // Whoever upgrades is sent away, as by a server that has no room.
  world.node.refuseUpgrades();
  cutSockets();
  await expect.poll(() => fanout.stats().sockets).toBe(0);
  const report = await inTime(world, examine(world.node));
  expect(report).toMatchObject({ status: 503, firstFailure: 'socket' });
  expect(passed(report)).toEqual(['publish', 'bus', 'fanout']);
  expect(report.hops[3]?.error).toContain('the client of this node does not hear: ');
});

test('an API that does not answer, and a database that does not', async () => {
  const alone = await patient(null);
  expect(await examine(alone.node)).toMatchObject({ status: 503, firstFailure: 'api' });
  const away = { ok: false, ms: 3, error: 'unable to reach the database; it is away' };
  const { node } = await patient({ postgres: away });
  expect(await examine(node)).toMatchObject({
    status: 503,
    firstFailure: 'postgres',
    api: { ok: true },
    postgres: away,
  });
});
