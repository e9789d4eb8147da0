import { ParleyError } from '@parley/contracts';
import { expect, test, vi } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

const document = 'subscription Count($after:Int){count}';

function subscribedWorld() {
  const world = createWorld();
  new FakeChannel(world.network);
  const heard: unknown[] = [];
  const unsubscribe = world.client.subscribe(
    document,
    { after: 1 },
    {
      next: (data) => void heard.push(data),
      error: ({ code }) => void heard.push(code),
      complete: () => void heard.push('complete'),
    },
  );
  const running = () => world.network.openStreams('Count');
  return { ...world, heard, unsubscribe, running };
}

test('subscribing connects by itself', async () => {
  const { running, heard, settle } = subscribedWorld();
  await settle();
  running()[0]?.next({ count: 2 });
  expect(heard).toEqual([{ count: 2 }]);
});

test('a retryable error is retried, another one ends it', async () => {
  const { running, heard, clock, settle } = subscribedWorld();
  await settle();
  running()[0]?.error(new ParleyError('unavailable', 'unable to watch; the API is away'));
  await clock.advanceAsync(1_000);
  expect(running()).toHaveLength(1);
  expect(heard).toEqual([]);
  running()[0]?.error(new ParleyError('forbidden', 'unable to watch; you may not'));
  await clock.advanceAsync(60_000);
  expect(running()).toHaveLength(0);
  expect(heard).toEqual(['forbidden']);
});

test('nothing is heard after it is unsubscribed, and the server is notified', async () => {
  const { running, heard, unsubscribe, settle } = subscribedWorld();
  await settle();
  const [stream] = running();
  unsubscribe();
  unsubscribe();
  await settle();
  stream?.next({ count: 3 });
  expect(heard).toEqual([]);
  expect(running()).toHaveLength(0);
});

test('what the server has completed is not started again', async () => {
  const { running, heard, network, clock, settle } = subscribedWorld();
  await settle();
  running()[0]?.complete();
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(heard).toEqual(['complete']);
  expect(running()).toHaveLength(0);
});

test('hundreds of subscriptions are restarted below the limit of operations a second', async () => {
  const { client, network, clock, settle } = createWorld();
  new FakeChannel(network);
  for (let count = 0; count < 100; count += 1) client.subscribe(document, {}, { next: () => {} });
  await settle();
  const started = () => network.socket.sent.filter(({ type }) => type === 'subscribe').length;
  expect(started()).toBeLessThanOrEqual(50);
  await clock.advanceAsync(1_000);
  expect(started()).toBeLessThanOrEqual(90);
  await clock.advanceAsync(2_000);
  expect(network.openStreams('Count')).toHaveLength(100);
});

test('a listener that throws hurts no other', async () => {
  const { client, network, settle } = createWorld();
  new FakeChannel(network);
  const heard: unknown[] = [];
  const surfaced: (() => void)[] = [];
  const microtask = vi.spyOn(globalThis, 'queueMicrotask');
  client.subscribe(
    document,
    {},
    {
      next() {
        throw new Error('an error of the app');
      },
    },
  );
  client.subscribe(document, {}, { next: (data) => void heard.push(data) });
  await settle();
  microtask.mockImplementation((run) => void surfaced.push(run));
  for (const stream of network.openStreams('Count')) stream.next({ count: 1 });
  microtask.mockRestore();
  expect(heard).toEqual([{ count: 1 }]);
  expect(surfaced).toHaveLength(1);
  expect(surfaced[0]).toThrow('an error of the app');
});
