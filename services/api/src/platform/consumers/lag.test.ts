import { randomUUID } from 'node:crypto';
import { createMetrics } from '@parley/service-kit';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createRoom } from '../../../test/room.ts';
import { createWorld } from '../../../test/world.ts';
import { defineConsumer } from './define-consumer.ts';

test('a consumer that is behind shows in the metrics, and on /readyz without taking the node away', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const metrics = createMetrics('api');
  const name = `webhooks-${randomUUID()}`;
  const consumer = defineConsumer({
    name,
    start: 'head',
    scope: 'all',
    lagWarningMs: 60_000,
    handle: () => released,
    missed: async () => undefined,
  });
  const world = await createWorld({ consumers: [consumer], metrics });
  onTestFinished(() => {
    release();
    return world.close();
  });
  const room = await createRoom(world);
  const channelId = await room.open('general');
  for (let count = 1; count <= 5; count += 1) await room.act('sendMessage', { channelId, text: `line ${count}` });
  const { appId } = room.app;
  const [row] = await world.db.query<{ head: number }>(
    'SELECT seq AS head FROM channels WHERE app_id = $1 AND channel_id = $2',
    [appId, channelId],
  );
  const head = row?.head ?? 0;
  const shown = (metric: string) => async () =>
    Number(new RegExp(`^${metric}\\{consumer="${name}",service="api"\\} (.*)$`, 'm').exec(await metrics.text())?.[1]);
  const readyz = async () => {
    const response = await fetch(`${world.url}/readyz`);
    // What a node says of its health has this shape.
    const body = (await response.json()) as { readonly warnings?: Readonly<Record<string, string>> };
    return { status: response.status, body };
  };

  await eventually(async () => expect(await shown('parley_consumer_lag_events')()).toBe(head));
  expect(await readyz()).toEqual({ status: 200, body: { ok: true, checks: { postgres: 'ok', storage: 'ok' } } });
  await world.db.query(`UPDATE channel_events SET at = at - interval '1 hour' WHERE app_id = $1`, [appId]);
  await eventually(async () => expect(await shown('parley_consumer_lag_seconds')()).toBeGreaterThan(3_500));
  const behind = await readyz();
  expect(behind).toMatchObject({ status: 200, body: { ok: true } });
  expect(behind.body.warnings?.[`consumer ${name}`]).toMatch(
    new RegExp(`^it is 36\\d\\d s and ${head} events behind$`),
  );

  release();
  await eventually(async () => expect(await shown('parley_consumer_lag_events')()).toBe(0));
  await eventually(async () => expect((await readyz()).body.warnings).toBeUndefined());
  expect(await shown('parley_consumer_events_total')()).toBe(head);
});
