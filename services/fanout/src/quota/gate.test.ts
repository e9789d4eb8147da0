import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { Gate } from './gate.ts';

function gateOf(atOnce: number) {
  const clock = fakeClock();
  const gate = new Gate({ clock, atOnce, waitMs: 10_000 });
  const began: number[] = [];
  const late: number[] = [];
  const enter = (id: number) => {
    const work = deferred();
    const run = () => {
      began.push(id);
      return work.promise;
    };
    return { end: work.resolve, leave: gate.enter({ run, late: () => late.push(id) }) };
  };
  return { clock, gate, began, late, enter };
}

test('so many run at once, the others in their order', async () => {
  const { began, gate, enter } = gateOf(2);
  const [first] = [1, 2, 3, 4].map(enter);
  expect(began).toEqual([1, 2]);
  first?.end();
  await expect.poll(() => began).toEqual([1, 2, 3]);
  expect(gate.size).toBe(3);
});

test('who gives up while waiting never runs, and keeps nobody waiting', async () => {
  const { began, enter } = gateOf(1);
  const [first, second] = [1, 2, 3].map(enter);
  second?.leave();
  first?.end();
  await expect.poll(() => began).toEqual([1, 3]);
});

test('a request that waits for too long is refused, each at its own time', () => {
  const { clock, gate, began, late, enter } = gateOf(1);
  enter(1);
  enter(2);
  clock.advance(4_000);
  enter(3);
  clock.advance(6_000);
  expect(late).toEqual([2]);
  clock.advance(4_000);
  expect(late).toEqual([2, 3]);
  expect(began).toEqual([1]);
  expect([gate.size, clock.pending]).toEqual([1, 0]);
});
