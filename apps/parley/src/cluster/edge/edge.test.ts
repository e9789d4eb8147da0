import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEdgeWorld, type EdgeWorld, echo, fault, nowhere, post, upgrade } from '../../../test/edge-world.ts';

let world: EdgeWorld;
beforeEach(() => {
  world = createEdgeWorld();
});
afterEach(() => world.close());

test('past its bounds the edge refuses, and takes more as soon as one has ended', async () => {
  const [api, fanout] = [await world.node('api-0'), await world.node('fanout-0')];
  fanout.server.removeAllListeners('request').on('request', (_incoming: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: next\n\n');
  });
  echo(fanout);
  const { url } = await world.edge([api], [fanout], { mostRequests: 1, mostSockets: 1 });
  const leaving = new AbortController();
  const stream = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { Accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  expect(stream.status).toBe(200);
  expect(await fault(await post(url, 'query'))).toEqual([503, 'unavailable', true]);
  leaving.abort();
  await vi.waitFor(async () => expect(await (await post(url, 'query')).text()).toBe('answer of api-0'));
  const first = await upgrade(url);
  expect((await upgrade(url)).status).toBe(503);
  first.socket.destroy();
  await vi.waitFor(async () => expect((await upgrade(url)).status).toBe(101));
});

test('metrics and the doctor are for who asks on this machine, not for who comes through a proxy', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const fanout = await world.node('fanout-0', (incoming, response) => {
    heard.push(incoming.headers);
    response.end('well');
  });
  const { url } = await world.edge([], [fanout]);
  for (const path of ['/doctor', '/metrics']) {
    expect((await fetch(`${url}${path}`, { headers: { 'X-Forwarded-For': '203.0.113.7' } })).status).toBe(403);
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  }
  // The node would take it for a stranger's otherwise.
  expect(heard.map((headers) => headers['x-forwarded-for'])).toEqual([undefined]);
});

test('readiness names the nodes that are down, and is there while one of each kind is', async () => {
  const [api, fanout] = [await world.node('api-0'), await world.node('fanout-0')];
  const { url } = await world.edge([api, await nowhere('api-1')], [fanout]);
  for (const _ of [1, 2]) await (await post(url, 'query')).text();
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ok: true, checks: { 'api-0': 'ok', 'api-1': 'it refuses connections', 'fanout-0': 'ok' } },
  ]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(`parley_edge_node_ready{node="api-0",url="${api.url}",service="edge"} 1`);
  const { url: broken } = await world.edge([api], [await nowhere('fanout-0')]);
  await post(broken, 'stream', { Accept: 'text/event-stream' });
  expect((await fetch(`${broken}/readyz`)).status).toBe(503);
});
