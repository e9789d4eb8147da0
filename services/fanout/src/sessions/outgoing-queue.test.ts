import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCounters } from '../counters.ts';
import { Flusher } from './flusher.ts';
import { OutgoingQueue } from './outgoing-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A peer that takes bytes when the test says so. */
function fakeStream() {
  const writes: string[][] = [];
  const pending: { bytes: number; done: () => void }[] = [];
  const stream = {
    isReading: true,
    waiting: 0,
    writes,
    write(chunks: readonly Buffer[], done: () => void) {
      writes.push(chunks.map(String));
      const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
      if (stream.isReading) return void queueMicrotask(done);
      stream.waiting += bytes;
      pending.push({ bytes, done });
    },
    take() {
      for (const { bytes, done } of pending.splice(0)) {
        stream.waiting -= bytes;
        done();
      }
    },
  };
  return stream;
}

function setUp(capBytes = 100_000) {
  const stream = fakeStream();
  const counters = createCounters();
  const flusher = new Flusher();
  const onOverflow = vi.fn();
  const queue = new OutgoingQueue({ stream, flusher, counters, capBytes, onOverflow });
  return { stream, counters, flusher, onOverflow, queue };
}

const microtasks = () => vi.advanceTimersByTimeAsync(0);
const big = (bytes: number) => Buffer.alloc(bytes, 'x');

test('an idle connection writes at the end of the turn, everything of that turn in one write', async () => {
  const { queue, stream } = setUp();
  queue.push(Buffer.from('a'));
  queue.push(Buffer.from('b'));
  expect(stream.writes).toEqual([]);
  await microtasks();
  expect(stream.writes).toEqual([['a', 'b']]);
});

test('a busy connection collects for 5 ms', async () => {
  const { queue, stream } = setUp();
  queue.push(Buffer.from('a'));
  await microtasks();
  for (const text of ['b', 'c']) {
    queue.push(Buffer.from(text));
    await vi.advanceTimersByTimeAsync(2);
  }
  expect(stream.writes).toEqual([['a']]);
  await vi.advanceTimersByTimeAsync(1);
  expect(stream.writes).toEqual([['a'], ['b', 'c']]);
});

test('a peer that does not read gets nothing more until it has taken what it was given', async () => {
  const { queue, stream } = setUp();
  stream.isReading = false;
  queue.push(big(10_000));
  await microtasks();
  queue.push(Buffer.from('later'));
  await vi.advanceTimersByTimeAsync(100);
  expect(stream.writes).toHaveLength(1);
  stream.take();
  expect(stream.writes[1]).toEqual(['later']);
});

test('from a quarter of the cap on ephemeral frames are left out, durable ones are not', async () => {
  const { queue, stream, counters } = setUp();
  stream.isReading = false;
  queue.push(big(24_000));
  expect(queue.push(big(500), true)).toBe(true);
  expect(queue.push(big(1_000), true)).toBe(false);
  expect(queue.push(big(1_000))).toBe(true);
  expect(counters.droppedEphemeral).toBe(1);
});

test('past the cap the owner is told once, and nothing more is taken or written', async () => {
  const { queue, stream, onOverflow, counters } = setUp();
  stream.isReading = false;
  queue.push(big(90_000));
  await microtasks();
  expect(queue.push(big(20_000))).toBe(false);
  expect(queue.push(big(1))).toBe(false);
  expect(onOverflow).toHaveBeenCalledOnce();
  expect(counters.slowConsumers).toBe(1);
  stream.take();
  expect(stream.writes).toHaveLength(1);
});

test('one frame that is larger than the cap goes through an empty queue', async () => {
  const { queue, stream, onOverflow } = setUp(1_000);
  queue.push(big(5_000));
  await microtasks();
  expect(stream.writes).toHaveLength(1);
  expect(onOverflow).not.toHaveBeenCalled();
});

test('a replay waits while it is congested, and goes on when there is room', async () => {
  const { queue, stream } = setUp();
  stream.isReading = false;
  queue.push(big(50_000));
  expect(queue.congested).toBe(true);
  const drained = vi.fn();
  void queue.drained().then(drained);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drained).not.toHaveBeenCalled();
  stream.take();
  await microtasks();
  expect(drained).toHaveBeenCalledOnce();
});

test('a replay whose client reads nothing for 30 s fails, one whose client goes away just ends', async () => {
  const slow = setUp();
  slow.stream.isReading = false;
  slow.queue.push(big(50_000));
  const waiting = expect(slow.queue.drained()).rejects.toMatchObject({ code: 'slow_consumer' });
  await vi.advanceTimersByTimeAsync(30_000);
  await waiting;

  const gone = setUp();
  gone.stream.isReading = false;
  gone.queue.push(big(50_000));
  const drained = gone.queue.drained();
  gone.queue.close();
  await drained;
});

test('a goodbye comes after everything else', () => {
  const { queue, stream } = setUp();
  queue.push(Buffer.from('a'));
  queue.finish();
  expect(stream.writes).toEqual([['a']]);
  expect(queue.push(Buffer.from('b'))).toBe(false);
});
