import { PassThrough } from 'node:stream';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

function arrivals(count: number) {
  const clock = fakeClock();
  const admission = new Admission({ clock, limits: { strangers: 4_000, strangersPerAddress: 2_000 } });
  const entered: number[] = [];
  const sockets = Array.from({ length: count }, () => new PassThrough());
  const admitted = sockets.map((socket, index) =>
    admission.admit({ socket, address: 'one', enter: () => entered.push(index) }),
  );
  return { clock, admission, entered, sockets, admitted };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('a few are let in at once, a surge a thousand a second, in order', () => {
  const { clock, entered } = arrivals(1_000);
  expect(entered).toEqual(upTo(100));
  clock.advance(500);
  expect(entered.length).toBeGreaterThan(580);
  expect(entered.length).toBeLessThanOrEqual(600);
  clock.advance(500);
  expect(entered).toEqual(upTo(1_000));
  expect(clock.pending).toBe(0);
});

test('nobody overtakes those who wait', () => {
  const { clock, admission, entered } = arrivals(150);
  clock.advance(9);
  admission.admit({ socket: new PassThrough(), address: 'one', enter: () => entered.push(150) });
  clock.advance(200);
  expect(entered).toEqual(upTo(151));
});

test('who hung up while waiting costs nothing, whatever the network said of it', () => {
  const { clock, entered, sockets } = arrivals(110);
  sockets[105]?.emit('error', new Error('reset'));
  sockets[106]?.destroy();
  clock.advance(1_000);
  expect(entered).toEqual(upTo(110).filter((index) => index !== 105 && index !== 106));
});

test('past what a client would wait for they are turned away', () => {
  const { admitted } = arrivals(10_101);
  expect(admitted.filter((was) => !was)).toEqual([false]);
  expect(admitted.at(-1)).toBe(false);
});

test('when the node closes, those who wait are cut off to try elsewhere', () => {
  const { clock, admission, entered, sockets } = arrivals(101);
  admission.close();
  clock.advance(1_000);
  expect(sockets[100]?.destroyed).toBe(true);
  expect(entered).toEqual(upTo(100));
});

function door(limits = { strangers: 10, strangersPerAddress: 3 }) {
  const clock = fakeClock();
  const admission = new Admission({ clock, limits });
  const inside: string[] = [];
  const known = new Map<string, () => void>();
  const come = (address: string, name: string) => {
    const socket = new PassThrough();
    const enter = (accepted: () => void) => {
      inside.push(name);
      known.set(name, accepted);
    };
    return { socket, admitted: admission.admit({ socket, address, enter }) };
  };
  return { clock, admission, inside, known, come };
}

test('while so many of one address have not said who they are, the others of it wait, and nobody else does', () => {
  const { clock, admission, inside, known, come } = door();
  const hostile = upTo(5).map((index) => come('evil', `evil ${index}`));
  come('home', 'ada');
  clock.advance(100);
  expect(inside).toEqual(['evil 0', 'evil 1', 'evil 2', 'ada']);
  expect(admission.strangers).toBe(4);
  known.get('evil 1')?.();
  clock.advance(100);
  expect(inside.at(-1)).toBe('evil 3');
  hostile[0]?.socket.emit('close');
  clock.advance(100);
  expect(inside.at(-1)).toBe('evil 4');
});

test('addresses take turns, and all strangers together are bounded', () => {
  const { clock, inside, come } = door({ strangers: 4, strangersPerAddress: 4 });
  for (const index of upTo(4)) come('first', `first ${index}`);
  for (const index of upTo(20)) come('evil', `evil ${index}`);
  come('home', 'ada');
  clock.advance(100);
  expect(inside).toHaveLength(4);
});

test('many of one address give a place to somebody from elsewhere', () => {
  const { clock, inside, come } = door({ strangers: 20_000, strangersPerAddress: 20_000 });
  const others = upTo(10_100).map((index) => come('evil', `evil ${index}`));
  expect(come('evil', 'one more').admitted).toBe(false);
  expect(come('home', 'ada').admitted).toBe(true);
  expect(others.at(-1)?.socket.destroyed).toBe(true);
  clock.advance(10);
  expect(inside.slice(100)).toContain('ada');
});
