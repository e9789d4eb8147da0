import { once } from 'node:events';
import { createServer } from 'node:http';
import { ParleyError } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { afterEach, expect, test } from 'vitest';
import { createHealth, type Health } from './health.ts';
import { createMetrics } from './metrics.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanups.splice(0)) step();
});

async function serve(health: Health): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const server = createServer((request, response) => {
    if (!health.handler(request, response)) response.writeHead(418).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

test('a service is ready when every check passes, and says which does not', async () => {
  const health = createHealth();
  let up = false;
  health.register('bus', () => undefined);
  const unregister = health.register('postgres', async () => {
    if (!up) throw new Error('connect ECONNREFUSED 10.0.0.1');
  });
  expect(await health.ready()).toEqual({ ok: false, checks: { bus: 'ok', postgres: 'failed' } });
  up = true;
  expect(await health.ready()).toEqual({ ok: true, checks: { bus: 'ok', postgres: 'ok' } });
  unregister();
  expect((await health.ready()).checks).toEqual({ bus: 'ok' });
});

test('a check that takes too long has failed', async () => {
  const clock = fakeClock();
  const health = createHealth({ clock, checkTimeoutMs: 500 });
  health.register('postgres', () => new Promise(() => undefined));
  const ready = health.ready();
  await clock.advanceAsync(500);
  expect(await ready).toEqual({ ok: false, checks: { postgres: 'no answer within 500 ms' } });
  expect(clock.pending).toBe(0);
});

test('the pages answer GET and HEAD, and leave the rest to the service', async () => {
  const metrics = createMetrics('api');
  metrics.counter({ name: 'parley_things_total', help: 'Things.' }).inc();
  const health = createHealth({ metrics });
  health.register('postgres', () => {
    throw new ParleyError('unavailable', 'unable to reach Postgres; the connection was refused');
  });
  const get = await serve(health);
  expect((await get('/healthz')).status).toBe(200);
  const ready = await get('/readyz?verbose');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    ok: false,
    checks: { postgres: 'unable to reach Postgres; the connection was refused' },
  });
  expect(await (await get('/metrics')).text()).toContain('parley_things_total{service="api"} 1');
  const head = await get('/readyz', { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([503, '']);
  expect((await get('/healthz', { method: 'POST' })).status).toBe(418);
  expect((await get('/healthzz')).status).toBe(418);
});

test('a service that drains is alive but not ready', async () => {
  const health = createHealth();
  const get = await serve(health);
  health.drain();
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(503);
});

test('a warning is shown while there is one, and takes no traffic away', async () => {
  const health = createHealth();
  const get = await serve(health);
  let behind = true;
  const unregister = health.warn('consumer webhooks', () => (behind ? 'it is 400 s behind' : null));
  const ready = await get('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ok: true, checks: {}, warnings: { 'consumer webhooks': 'it is 400 s behind' } });
  behind = false;
  expect(await health.ready()).toEqual({ ok: true, checks: {} });
  behind = true;
  unregister();
  expect(await health.ready()).toEqual({ ok: true, checks: {} });
});

test('without metrics there is no page for them', async () => {
  expect((await (await serve(createHealth()))('/metrics')).status).toBe(418);
});
