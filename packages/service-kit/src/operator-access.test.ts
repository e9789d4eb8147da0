import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createHealth } from './health.ts';
import { createMetrics } from './metrics.ts';
import { createOperatorAccess } from './operator-access.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanups.splice(0)) step();
});

/** Asks for the metrics of a service with this token. */
async function serve(token?: string) {
  const health = createHealth({ metrics: createMetrics('api'), operators: createOperatorAccess(token) });
  const server = createServer((asked, response) => void health.handler(asked, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return async (headers: Record<string, string> = {}, path = '/metrics', method = 'GET') => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers });
    asked.end();
    const [response] = await once(asked, 'response');
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };
}

test('with a token the page is for whoever sends it, and for nobody else', async () => {
  const get = await serve('a-token-of-the-operator');
  expect((await get({ Authorization: 'Bearer a-token-of-the-operator' })).status).toBe(200);
  for (const authorization of [
    'Bearer another',
    'Bearer ',
    'Basic a-token-of-the-operator',
    'Bearer a-token-of-the-operator2',
  ])
    expect((await get({ Authorization: authorization })).status).toBe(401);
  const refused = await get();
  expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  expect(refused.body).toMatch(/^unable to show this page; .*OPERATOR_TOKEN/);
  expect((await get({}, '/metrics', 'HEAD')).body).toBe('');
  expect((await get({}, '/healthz')).status).toBe(200);
});

test('without a token it is for whoever asks on the machine itself', async () => {
  const get = await serve();
  expect((await get()).status).toBe(200);
  expect((await get({ Host: 'localhost:4000' })).status).toBe(200);
});

test.each([
  [{ 'X-Forwarded-For': '203.0.113.7' }],
  [{ Forwarded: 'for=203.0.113.7' }],
  [{ 'X-Real-IP': '203.0.113.7' }],
  [{ Via: '1.1 proxy' }],
  [{ Host: 'rebound.example' }],
  [{ Host: '127.0.0.1.rebound.example' }],
])('a request with %j did not come from there', async (headers) => {
  const { status, body } = await (await serve())(headers);
  expect(status).toBe(403);
  expect(body).toContain('set OPERATOR_TOKEN');
  expect(body).not.toContain('parley_');
});
