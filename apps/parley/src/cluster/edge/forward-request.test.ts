import type { IncomingMessage, RequestListener } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEdgeWorld, type EdgeWorld, fault, nowhere, post } from '../../../test/edge-world.ts';

let world: EdgeWorld;
beforeEach(() => {
  world = createEdgeWorld();
});
afterEach(() => world.close());

test('requests go to each API node in turn, with what they say and who asked', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const listen: RequestListener = (incoming, response) => {
    heard.push(incoming.headers);
    response
      .writeHead(207, { 'X-Node': 'yes', 'Content-Type': 'text/plain', 'Set-Cookie': ['a=1', 'b=2'] })
      .end('done');
  };
  const nodes = [await world.node('api-0', listen), await world.node('api-1', listen)];
  const { url } = await world.edge(nodes, []);
  for (const body of ['one', 'two', 'three', 'four']) {
    const response = await post(url, body, { Authorization: 'Bearer token' });
    expect([response.status, await response.text(), response.headers.getSetCookie()]).toEqual([
      207,
      'done',
      ['a=1', 'b=2'],
    ]);
  }
  expect(nodes.map(({ asked }) => asked.length)).toEqual([2, 2]);
  expect(nodes.flatMap(({ asked }) => asked).sort()).toEqual(
    ['four', 'one', 'three', 'two'].map((body) => `POST /graphql ${body}`),
  );
  expect(heard[0]).toMatchObject({ authorization: 'Bearer token', host: url.slice('http://'.length) });
  expect(heard[0]?.['x-forwarded-for']).toMatch(/127\.0\.0\.1$/);
});

test('a node that refuses the connection is passed over, and the whole body reaches the next', async () => {
  const alive = await world.node('api-1');
  const { url } = await world.edge([await nowhere('api-0'), alive], []);
  const body = 'x'.repeat(200_000);
  for (const _ of [1, 2]) expect(await (await post(url, body)).text()).toBe('answer of api-1');
  expect(alive.asked).toEqual([`POST /graphql ${body}`, `POST /graphql ${body}`]);
});

test('a request that a node took and did not answer goes nowhere else: a mutation may have run', async () => {
  const dying: RequestListener = (_incoming, response) => void response.destroy();
  const nodes = [await world.node('api-0', dying), await world.node('api-1', dying)];
  const { url } = await world.edge(nodes, []);
  expect(await fault(await post(url, 'mutation'))).toEqual([504, 'timeout', true]);
  expect(nodes.flatMap(({ asked }) => asked)).toHaveLength(1);
});

test('with no node there the answer is a GraphQL error that may be retried', async () => {
  const { url } = await world.edge([await nowhere('api-0'), await nowhere('api-1')], [await nowhere('fanout-0')]);
  expect(await fault(await post(url, 'query'))).toEqual([503, 'unavailable', true]);
  expect(await fault(await post(url, 'query', { Accept: 'text/event-stream' }))).toEqual([503, 'unavailable', true]);
});

test('an event stream comes from fan-out, event by event, and ends at the node when the client leaves', async () => {
  const left = vi.fn();
  const fanout = await world.node('fanout-0', (_incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: next\n\n');
    response.once('close', left);
  });
  const { url } = await world.edge([], [fanout]);
  const leaving = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { Accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  const first = await response.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toBe('event: next\n\n');
  leaving.abort();
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce());
});
