import { PassThrough } from 'node:stream';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

function crowd(count: number) {
  const clock = fakeClock();
  const admission = new Admission(clock);
  const entered: number[] = [];
  const sockets = Array.from({ length: count }, () => new PassThrough());
  const admitted = sockets.map((socket, index) => admission.admit(socket, () => entered.push(index)));
  return { clock, admission, entered, sockets, admitted };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('a few are let in at once, a storm a thousand a second, in order', () => {
  const { clock, entered } = crowd(1_000);
  expect(entered).toEqual(upTo(100));
  clock.advance(500);
  expect(entered.length).toBeGreaterThan(580);
  expect(entered.length).toBeLessThanOrEqual(600);
  clock.advance(500);
  expect(entered).toEqual(upTo(1_000));
  expect(clock.pending).toBe(0);
});

test('nobody overtakes those who wait', () => {
  const { clock, admission, entered } = crowd(150);
  clock.advance(9);
  admission.admit(new PassThrough(), () => entered.push(150));
  clock.advance(200);
  expect(entered).toEqual(upTo(151));
});

test('who hung up while waiting costs nothing, whatever the network said of it', () => {
  const { clock, entered, sockets } = crowd(110);
  sockets[105]?.emit('error', new Error('reset'));
  sockets[106]?.destroy();
  clock.advance(1_000);
  expect(entered).toEqual(upTo(110).filter((index) => index !== 105 && index !== 106));
});

test('past what a client would wait for they are turned away', () => {
  const { admitted } = crowd(10_101);
  expect(admitted.filter((was) => !was)).toEqual([false]);
  expect(admitted.at(-1)).toBe(false);
});

test('when the node closes, those who wait are cut off to try elsewhere', () => {
  const { clock, admission, entered, sockets } = crowd(101);
  admission.close();
  clock.advance(1_000);
  expect(sockets[100]?.destroyed).toBe(true);
  expect(entered).toEqual(upTo(100));
});
