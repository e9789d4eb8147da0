import { expect, test } from 'vitest';
import { createMachine } from './machine.ts';

test('what an effect leads to waits until the effects before it are done', () => {
  const done: string[] = [];
  const machine = createMachine<number, string, string>(
    0,
    (count, input) => [count + 1, input === 'start' ? ['one', 'two'] : [`${input} ${count}`]],
    (effect) => {
      done.push(effect);
      if (effect === 'one') machine.take('inner');
    },
  );
  machine.take('start');
  expect(done).toEqual(['one', 'two', 'inner 1']);
  expect(machine.state).toBe(2);
});

test('an effect that throws stops neither the others nor the next input', () => {
  const done: string[] = [];
  const thrown: unknown[] = [];
  const onThrown = (error: unknown): void => void thrown.push(error);
  process.on('uncaughtException', onThrown);
  const machine = createMachine<number, string, string>(
    0,
    (count, input) => [count + 1, [`bad ${input}`, `good ${input}`]],
    (effect) => {
      if (effect.startsWith('bad')) throw new Error(effect);
      done.push(effect);
    },
  );
  machine.take('a');
  machine.take('b');
  expect(done).toEqual(['good a', 'good b']);
  return new Promise<void>((resolve) => {
    setImmediate(() => {
      process.off('uncaughtException', onThrown);
      expect(thrown).toHaveLength(2);
      resolve();
    });
  });
});
