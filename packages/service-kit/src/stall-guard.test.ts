import { expect, test } from 'vitest';
import { createStallGuard } from './stall-guard.ts';

function node() {
  let now = 0;
  let look = () => {};
  const guard = createStallGuard({
    now: () => now,
    setTimeout(run) {
      look = run;
      return 1;
    },
    clearTimeout() {
      look = () => {};
    },
  });
  /** So much time goes by before the process gets to run again. */
  const after = (ms: number) => {
    now += ms;
    look();
  };
  return { guard, after };
}

test('what a node finds in its sockets when it runs again after seconds is not written', () => {
  const { guard, after } = node();
  for (let round = 0; round < 20; round += 1) after(250);
  expect(() => guard.admit()).not.toThrow();
  after(3_250);
  expect(() => guard.admit()).toThrow('this node stood still for some seconds');
  for (let round = 0; round < 3; round += 1) after(250);
  expect(() => guard.admit()).toThrow('this node stood still');
  after(250);
  expect(() => guard.admit()).not.toThrow();
});

test('a busy moment is no stall', () => {
  const { guard, after } = node();
  after(2_500);
  expect(() => guard.admit()).not.toThrow();
});

test('nothing looks after it is closed', () => {
  const { guard, after } = node();
  guard.close();
  after(60_000);
  expect(() => guard.admit()).not.toThrow();
});
