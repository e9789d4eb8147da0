import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('metrics are written in the text format, labelled with the service', async () => {
  const metrics = createMetrics('api');
  metrics.counter({ name: 'parley_sends_total', help: 'Sends.', labels: ['outcome'] }).inc({ outcome: 'ok' });
  metrics.gauge({ name: 'parley_sockets', help: 'Sockets.', collect: (gauge) => gauge.set(7) });
  metrics.histogram({ name: 'parley_send_seconds', help: 'Time.', buckets: [0.1, 1] }).observe(0.5);
  const text = await metrics.text();
  expect(text).toContain('parley_sends_total{outcome="ok",service="api"} 1');
  expect(text).toContain('parley_sockets{service="api"} 7');
  expect(text).toMatch(/parley_send_seconds_bucket\{le="1",service="api"\} 1/);
});

test('two services in one process do not meet, and asking twice gives the same metric', async () => {
  const [api, fanout] = [createMetrics('api'), createMetrics('fanout')];
  const config = { name: 'parley_things_total', help: 'Things.' };
  api.counter(config).inc();
  expect(api.counter(config)).toBe(api.counter(config));
  fanout.counter(config);
  expect(await fanout.text()).toContain('parley_things_total{service="fanout"} 0');
  expect(() => api.gauge(config)).toThrow('of another kind');
});

test('the process is measured when asked for', async () => {
  expect(await createMetrics('api', { process: true }).text()).toContain('process_resident_memory_bytes');
  expect(await createMetrics('api').text()).not.toContain('process_resident_memory_bytes');
});
