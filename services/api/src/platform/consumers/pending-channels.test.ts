import { expect, test } from 'vitest';
import { createPendingChannels, type PendingChannel } from './pending-channels.ts';

const channel = (channelId: string, partition = 0): PendingChannel => ({ appId: 'app', channelId, partition });
const [a, b, c] = [channel('a'), channel('b'), channel('c', 1)];

test('channels come in turn, each once, and none while it is in hand', () => {
  const queue = createPendingChannels(10);
  for (const each of [a, b, a]) queue.add(each);
  expect([queue.take(), queue.take(), queue.take()]).toEqual([a, b, undefined]);
  queue.add(a);
  expect(queue.take()).toBeUndefined();
  queue.done(a, false);
  expect(queue.take()).toEqual(a);
  queue.done(a, false);
  expect(queue.take()).toBeUndefined();
});

test('what has more to do waits behind the others', () => {
  const queue = createPendingChannels(10);
  for (const each of [a, b]) queue.add(each);
  queue.take();
  queue.done(a, true);
  expect([queue.take(), queue.take()]).toEqual([b, a]);
});

test('there is a bound, within which one that waits already takes no further room', () => {
  const queue = createPendingChannels(2);
  expect([queue.add(a), queue.add(b), queue.add(c), queue.add(a)]).toEqual([true, true, false, true]);
  queue.take();
  expect([queue.add(c), queue.waiting]).toEqual([true, 2]);
});

test('a partition is forgotten, and known by what is in hand of it', () => {
  const queue = createPendingChannels(10);
  for (const each of [c, a]) queue.add(each);
  queue.take();
  queue.drop(0);
  expect([queue.inHand(1), queue.inHand(0), queue.waiting]).toEqual([1, 0, 0]);
  queue.done(c, false);
  expect(queue.inHand(1)).toBe(0);
});
