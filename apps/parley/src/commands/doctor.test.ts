import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { subjects } from '@parley/contracts/bus';
import { createFanout, createFanoutServer } from '@parley/fanout';
import { createMemoryBus, createOperatorAccess, silentLogger } from '@parley/service-kit';
import { expect, onTestFinished, test } from 'vitest';
import { runParley } from '../command-line.ts';

async function listen(server: Server): Promise<AddressInfo> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address of this form.
  return server.address() as AddressInfo;
}

const serve = async (answer: RequestListener) => `http://127.0.0.1:${(await listen(createServer(answer))).port}`;

/** A fan-out node; the database of the API behind it is as given. */
async function node(postgres: object = { ok: true, ms: 1 }, operatorToken?: string) {
  const bus = createMemoryBus();
  bus.respond(subjects.rpc('health.ping'), 'parley-api', async () => JSON.stringify({ ok: true, value: { postgres } }));
  const fanout = createFanout({
    bus,
    logger: silentLogger(),
    nodeId: 'node-1',
    operators: createOperatorAccess(operatorToken),
  });
  const listening = await listen(createFanoutServer(fanout));
  fanout.startCanary(listening);
  onTestFinished(async () => {
    await fanout.close();
    await bus.close();
  });
  return { url: `http://127.0.0.1:${listening.port}`, fanout };
}

async function doctor(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runParley(['doctor', ...args], { stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

test('a healthy platform: every step passes, and strangers are kept out', async () => {
  const { url } = await node();
  const { code, stdout } = await doctor(url);
  expect(stdout).toContain('All is well.');
  for (const step of ['resolve', 'healthz', 'readyz', 'doctor', 'publish', 'client', 'postgres', 'websocket'])
    expect(stdout).toMatch(new RegExp(`^ +${step} +ok +[\\d.]+ ms`, 'm'));
  expect(stdout).toContain('no entry without a token');
  expect(code).toBe(0);
});

test('a database that is away is named, with what to do, and the exit code says it', async () => {
  const { url } = await node({ ok: false, ms: 2, error: 'unable to reach the database; it is away' });
  const { code, stdout } = await doctor(url, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    url,
    firstFailure: 'doctor',
    cure: expect.stringContaining('is PostgreSQL running'),
    report: { firstFailure: 'postgres', nodeId: 'node-1' },
  });
  expect(stdout.trim().split('\n')).toHaveLength(1);
});

test('a platform that shows itself to operators alone', async () => {
  const { url } = await node(undefined, 'a-token-of-the-operator');
  const stranger = await doctor(url);
  expect(stranger.stdout).toMatch(/doctor +FAIL .*401 for \/doctor, which is for operators/);
  expect(stranger.stdout).toContain('give --operator-token');
  expect((await fetch(`${url}/doctor`)).status).toBe(401);
  expect((await doctor(url, '--operator-token', 'a-token-of-the-operator')).code).toBe(0);
});

test('nobody there', async () => {
  const server = createServer();
  const { port } = await listen(server);
  server.close();
  const { code, stdout } = await doctor(`http://127.0.0.1:${port}`);
  expect(code).toBe(1);
  expect(stdout).toMatch(/healthz +FAIL .*ECONNREFUSED/);
  expect(stdout).toMatch(/websocket +FAIL .*ECONNREFUSED/);
  expect(stdout).toContain('healthz fails first. What to do: is it running');
});

test('something else is there', async () => {
  const url = await serve((_request, response) => void response.writeHead(404).end());
  const { code, stdout } = await doctor(url);
  expect(code).toBe(1);
  expect(stdout).toContain('is this the address of a Parley platform?');
  expect(stdout).toMatch(/websocket +FAIL .*404 instead of an upgrade/);
});

test('a proxy that passes pages and no upgrades', async () => {
  const { fanout } = await node();
  const url = await serve((request, response) => {
    if (request.url === '/graphql') response.writeHead(426).end();
    else fanout.handleRequest(request, response);
  });
  const { code, stdout } = await doctor(url);
  expect(code).toBe(1);
  expect(stdout).toContain('websocket fails first. What to do: let your proxy pass WebSocket upgrades');
});

test('a service that is not ready says why', async () => {
  const url = await serve((request, response) => {
    const checks = { bus: 'unable to reach the bus', other: 'ok' };
    response.writeHead(request.url === '/healthz' ? 200 : 503).end(JSON.stringify({ ok: false, checks }));
  });
  const { stdout } = await doctor(url);
  expect(stdout).toMatch(/readyz +FAIL .*503: bus: unable to reach the bus$/m);
  expect(stdout).toContain('readyz fails first');
});

test('a name that nobody knows', async () => {
  const { code, stdout } = await doctor('http://nowhere.invalid');
  expect(code).toBe(1);
  expect(stdout).toContain('resolve fails first');
  expect(stdout).not.toContain('healthz');
});

test('an address that is none gets one sentence', async () => {
  expect(await doctor('nonsense')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'unable to examine nonsense; it is no address: write it like http://127.0.0.1:4000\n',
  });
});
