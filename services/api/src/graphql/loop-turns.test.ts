import { expect, test } from 'vitest';
import { createLoopTurns } from './loop-turns.ts';

test('each slice has a turn of the event loop of its own, in the order asked for', async () => {
  const turns = createLoopTurns();
  const seen: string[] = [];
  const slice = async (name: string) => {
    await turns.next();
    seen.push(name);
  };
  const slices = ['a', 'b', 'c'].map(slice);
  // What others want of the event loop comes between two slices.
  const between = async () => {
    for (let at = 0; at < 3; at += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push('-');
    }
  };
  await Promise.all([...slices, between()]);
  expect(seen.join('')).toBe('a-b-c-');
});

test('takes up again after it had nothing to do', async () => {
  const turns = createLoopTurns();
  await turns.next();
  await turns.next();
  await Promise.all([turns.next(), turns.next()]);
});
