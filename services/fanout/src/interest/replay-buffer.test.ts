import type { LoggedEvent } from '@parley/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { created } from '../../test/events.ts';
import { ReplayBudget } from './replay-budget.ts';
import { ReplayBuffer } from './replay-buffer.ts';

const general = 'messaging:general';
const eventAt = (seq: number): LoggedEvent => ({ ...created(general, `message ${seq}`), channelId: general, seq });
const eventsFrom = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => eventAt(first + index));
const seqs = (events: readonly LoggedEvent[] | undefined) => events?.map(({ seq }) => seq);

function bufferAt(head: number, budget = new ReplayBudget()): ReplayBuffer {
  const buffer = new ReplayBuffer(budget);
  buffer.startAt(head);
  return buffer;
}

test('gives what follows a position, and nothing when it does not reach back so far', () => {
  const buffer = bufferAt(10);
  for (const event of eventsFrom(11, 15)) buffer.append(event, 100);
  expect(seqs(buffer.after(10))).toEqual([11, 12, 13, 14, 15]);
  expect(seqs(buffer.after(13))).toEqual([14, 15]);
  expect(seqs(buffer.after(15))).toEqual([]);
  expect(buffer.after(9)).toBeUndefined();
});

test('reaches further back with what the log gave, and only without a hole', () => {
  const buffer = bufferAt(10);
  buffer.append(eventAt(11), 100);
  buffer.prepend(eventsFrom(3, 8));
  expect(buffer.after(3)).toBeUndefined();
  buffer.prepend(eventsFrom(5, 12));
  expect(seqs(buffer.after(4))).toEqual([5, 6, 7, 8, 9, 10, 11]);
});

test('an event that does not follow the last one starts it anew', () => {
  const buffer = bufferAt(0);
  for (const event of [...eventsFrom(1, 3), ...eventsFrom(7, 8)]) buffer.append(event, 100);
  expect(buffer.after(3)).toBeUndefined();
  expect(seqs(buffer.after(6))).toEqual([7, 8]);
});

test('keeps 256 events and 256 KiB, the newest of them', () => {
  const many = bufferAt(0);
  for (const event of eventsFrom(1, 300)) many.append(event, 100);
  expect(many.from).toBe(44);
  const large = bufferAt(0);
  for (const event of eventsFrom(1, 20)) large.append(event, 50 * 1024);
  expect(seqs(large.after(large.from))).toEqual([16, 17, 18, 19, 20]);
});

test('when the buffers of a node take too much, those that were of no use for longest give way', () => {
  const budget = new ReplayBudget(3_000);
  const [quiet, busy] = [bufferAt(0, budget), bufferAt(0, budget)];
  for (const event of eventsFrom(1, 10)) quiet.append(event, 100);
  for (const event of eventsFrom(1, 25)) busy.append(event, 100);
  expect(seqs(busy.after(0))).toHaveLength(25);
  expect(quiet.after(0)).toBeUndefined();
  expect(seqs(quiet.after(9))).toEqual([10]);
  expect(budget.bytes).toBeLessThanOrEqual(3_000);
  busy.startAt(25);
  expect(budget.bytes).toBe(quiet.bytes);
});

test('whatever is done to it, what it gives has no hole and ends at the last event', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('prepend' as const), count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('start' as const), count: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('shrink' as const), count: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const buffer = bufferAt(1_000);
      let head = 1_000;
      for (const { kind, count } of steps) {
        if (kind === 'append') for (const event of eventsFrom(head + 1, head + count)) buffer.append(event, 3_000);
        if (kind === 'append') head += count;
        if (kind === 'prepend') buffer.prepend(eventsFrom(Math.max(1, buffer.from - count), buffer.from));
        if (kind === 'start') head += count;
        if (kind === 'start') buffer.startAt(head);
        if (kind === 'shrink') buffer.shrink();
        const kept = seqs(buffer.after(buffer.from)) ?? [];
        expect(kept).toEqual(eventsFrom(buffer.from + 1, head).map(({ seq }) => seq));
        expect(buffer.after(buffer.from - 1)).toBeUndefined();
      }
    }),
  );
});
