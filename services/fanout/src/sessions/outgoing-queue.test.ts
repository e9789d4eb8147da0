import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { someQuota } from '../../test/quota.ts';
import { createCounters } from '../counters.ts';
import { Bundle } from './bundle.ts';
import { Flusher } from './flusher.ts';
import { OutgoingQueue } from './outgoing-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A peer that takes bytes when the test says so. */
function setUp({ capBytes = 100_000, flusher = new Flusher() } = {}) {
  const writes: string[] = [];
  const counters = createCounters();
  const overflowed = vi.fn();
  const peer = {
    isReading: true,
    waiting: 0,
    overflowed,
    write(bundle: Bundle) {
      writes.push(String(bundle.joined));
      if (!peer.isReading) peer.waiting += bundle.bytes;
    },
    take() {
      peer.waiting = 0;
      queue.written();
    },
  };
  const queue = new OutgoingQueue({ flusher, counters, capBytes }, peer);
  return { peer, writes, counters, overflowed, queue };
}

const microtasks = () => vi.advanceTimersByTimeAsync(0);
const frame = (text: string) => new Bundle(Buffer.from(text));
const big = (bytes: number) => new Bundle(Buffer.alloc(bytes, 'x'));

test('an idle connection writes at the end of the turn, everything of that turn in one write', async () => {
  const { queue, writes } = setUp();
  queue.push(frame('a'));
  queue.push(frame('b'));
  expect(writes).toEqual([]);
  await microtasks();
  expect(writes).toEqual(['ab']);
});

test('a busy connection writes once in 5 ms', async () => {
  const { queue, writes } = setUp();
  queue.push(frame('a'));
  await microtasks();
  for (const text of ['b', 'c']) {
    queue.push(frame(text));
    await vi.advanceTimersByTimeAsync(2);
  }
  expect(writes).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(writes).toEqual(['a', 'bc']);
});

test('a frame waits only until 5 ms after the last write, whatever others wait for', async () => {
  const flusher = new Flusher();
  const [first, second] = [setUp({ flusher }), setUp({ flusher })];
  first.queue.push(frame('a'));
  await vi.advanceTimersByTimeAsync(3);
  second.queue.push(frame('x'));
  await microtasks();
  second.queue.push(frame('y'));
  await vi.advanceTimersByTimeAsync(1);
  first.queue.push(frame('b'));
  await vi.advanceTimersByTimeAsync(1);
  expect([first.writes, second.writes]).toEqual([['a', 'b'], ['x']]);
  await vi.advanceTimersByTimeAsync(3);
  expect([first.writes, second.writes]).toEqual([
    ['a', 'b'],
    ['x', 'y'],
  ]);
});

test('a node that closes writes what waits', async () => {
  const flusher = new Flusher();
  const { queue, writes } = setUp({ flusher });
  queue.push(frame('a'));
  await microtasks();
  queue.push(frame('b'));
  flusher.close();
  expect(writes).toEqual(['a', 'b']);
});

test('a peer that does not read gets nothing more until it has taken what it was given', async () => {
  const { queue, peer, writes } = setUp();
  peer.isReading = false;
  queue.push(big(10_000));
  await microtasks();
  queue.push(frame('later'));
  await vi.advanceTimersByTimeAsync(100);
  expect(writes).toHaveLength(1);
  peer.take();
  expect(writes[1]).toBe('later');
});

test('from a quarter of the cap on ephemeral frames are left out, durable ones are not', async () => {
  const { queue, peer, counters } = setUp();
  peer.isReading = false;
  queue.push(big(24_000));
  expect(queue.push(big(500), true)).toBe(true);
  expect(queue.push(big(1_000), true)).toBe(false);
  expect(queue.push(big(1_000))).toBe(true);
  expect(counters.droppedEphemeral).toBe(1);
});

test('past the cap the owner is notified once, and nothing more is taken or written', async () => {
  const { queue, peer, writes, overflowed, counters } = setUp();
  peer.isReading = false;
  queue.push(big(90_000));
  await microtasks();
  expect(queue.push(big(20_000))).toBe(false);
  expect(queue.push(big(1))).toBe(false);
  expect(overflowed).toHaveBeenCalledOnce();
  expect(counters.slowConsumers).toBe(1);
  peer.take();
  expect(writes).toHaveLength(1);
});

test('one frame that is larger than the cap goes through an empty queue', async () => {
  const { queue, writes, overflowed } = setUp({ capBytes: 1_000 });
  queue.push(big(5_000));
  await microtasks();
  expect(writes).toHaveLength(1);
  expect(overflowed).not.toHaveBeenCalled();
});

test('a replay waits while it is congested, and goes on when there is room', async () => {
  const { queue, peer } = setUp();
  peer.isReading = false;
  queue.push(big(50_000));
  expect(queue.congested).toBe(true);
  const drained = vi.fn();
  void queue.drained().then(drained);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drained).not.toHaveBeenCalled();
  peer.take();
  await microtasks();
  expect(drained).toHaveBeenCalledOnce();
});

test('a replay whose client reads nothing for 30 s fails, one whose client goes away just ends', async () => {
  const slow = setUp();
  slow.peer.isReading = false;
  slow.queue.push(big(50_000));
  const waiting = expect(slow.queue.drained()).rejects.toMatchObject({ code: 'slow_consumer' });
  await vi.advanceTimersByTimeAsync(30_000);
  await waiting;

  const gone = setUp();
  gone.peer.isReading = false;
  gone.queue.push(big(50_000));
  const drained = gone.queue.drained();
  gone.queue.close();
  await drained;
});

test('what the kernel has not taken counts against the cap, and so does a frame that others have as well', async () => {
  const shared = big(40_000);
  for (const { queue, peer } of [setUp(), setUp()]) {
    peer.isReading = false;
    queue.push(shared);
    await microtasks();
    queue.push(shared);
    expect(queue.bytes).toBe(80_000);
    expect(queue.push(shared)).toBe(false);
    expect(queue.bytes).toBe(40_000);
  }
});

test('a goodbye comes after everything else', () => {
  const { queue, writes } = setUp();
  queue.push(frame('a'));
  queue.finish();
  expect(writes).toEqual(['a']);
  expect(queue.push(frame('b'))).toBe(false);
});

test('what waits for all connections of one user is bounded together, and is given back when it is taken or lost', async () => {
  const user = someQuota({ bufferedBytesPerUser: 50_000 });
  const both = [setUp(), setUp()];
  for (const { queue, peer } of both) {
    queue.countFor(user);
    peer.isReading = false;
    queue.push(big(20_000));
  }
  await microtasks();
  expect(user.bufferedBytes).toBe(40_000);
  const [first, second] = both;
  first?.peer.take();
  expect(user.bufferedBytes).toBe(20_000);
  second?.queue.push(big(29_000));
  expect(second?.overflowed).not.toHaveBeenCalled();
  second?.queue.push(big(2_000));
  expect(second?.overflowed).toHaveBeenCalledOnce();
  expect(user.bufferedBytes).toBe(0);
});
