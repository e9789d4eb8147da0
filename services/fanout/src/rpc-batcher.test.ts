import { createMemoryBus } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { appId, FakeApi } from '../test/fake-api.ts';
import { RpcBatcher } from './rpc-batcher.ts';

/** A batcher of `channel.reads`, of which the API takes 100 in a message, and the sizes of its messages. */
function batching() {
  const clock = fakeClock(0);
  const bus = createMemoryBus();
  const api = new FakeApi(bus, clock.now);
  const sizes: number[] = [];
  const request = bus.request.bind(bus);
  vi.spyOn(bus, 'request').mockImplementation((subject, payload, options) => {
    sizes.push(JSON.parse(payload).items.length);
    return request(subject, payload, options);
  });
  onTestFinished(async () => {
    await api.close();
    await bus.close();
  });
  const batcher = new RpcBatcher(bus, clock, 'channel.reads');
  const ask = (count: number) =>
    Array.from({ length: count }, () => batcher.ask({ appId, channelId: 'messaging:general' }, 5_000));
  const turn = () => new Promise(setImmediate);
  return { api, ask, clock, sizes, turn };
}

test('a few questions leave with the others of their turn, without waiting for a timer', async () => {
  const { ask, clock, sizes } = batching();
  expect(await Promise.all(ask(3))).toHaveLength(3);
  expect([sizes, clock.pending]).toEqual([[3], 0]);
});

test('the questions of a burst wait 10 ms for each other', async () => {
  const { ask, clock, sizes, turn } = batching();
  const first = ask(10);
  await turn();
  const burst = ask(20);
  await clock.advanceAsync(9);
  expect(sizes).toEqual([10]);
  await clock.advanceAsync(1);
  await Promise.all([...first, ...burst]);
  expect(sizes).toEqual([10, 20]);
});

test('the questions of a surge wait longer, and longer still while it lasts; a full message does not wait', async () => {
  const { ask, clock, sizes, turn } = batching();
  const all = ask(160);
  await turn();
  expect(sizes).toEqual([100]);
  // These 60 came in a surge that had just begun.
  await clock.advanceAsync(99);
  expect(sizes).toEqual([100]);
  await clock.advanceAsync(1);
  expect(sizes).toEqual([100, 60]);
  all.push(...ask(5));
  await clock.advanceAsync(249);
  expect(sizes).toEqual([100, 60]);
  await clock.advanceAsync(1);
  expect(sizes).toEqual([100, 60, 5]);
  await Promise.all(all);
});

test('a message that fails, fails each question in it', async () => {
  const { api, ask } = batching();
  await api.close();
  for (const asked of await Promise.allSettled(ask(2)))
    expect(asked).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
});
