import { createHealth, createMetrics } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { combineHealth } from './health.ts';

test('the whole is ready when every part is, and says what is not', async () => {
  const api = createHealth();
  const fanout = createHealth();
  const whole = combineHealth({ api, fanout }, createMetrics('parley'));
  expect(await whole.ready()).toEqual({ ok: true, checks: { api: 'ok', fanout: 'ok' } });
  api.register('postgres', () => {
    throw new Error('secret host');
  });
  const { ok, checks } = await whole.ready();
  expect(ok).toBe(false);
  expect(checks).toEqual({ api: 'unable to work; postgres: failed', fanout: 'ok' });
});
