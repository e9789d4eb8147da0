import { expect, test } from 'vitest';
import { readOptions } from './command-line.ts';
import type { Fault } from './fault.ts';

const fault = (id: string): Fault => ({
  id,
  title: id,
  runs: { full: 1, short: 1 },
  run: async () => ({ acknowledged: 0, violations: [], convergedMs: null, figures: {} }),
});
const known = ['F1', 'F5a', 'F5b', 'F10'].map(fault);
const chosen = (...args: string[]) => readOptions(args, known).faults.map(({ id }) => id);

test('everything is run unless something is named, and F5 names all its variants', () => {
  expect(chosen()).toEqual(['F1', 'F5a', 'F5b', 'F10']);
  expect(chosen('f5')).toEqual(['F5a', 'F5b']);
  expect(chosen('F1')).toEqual(['F1']);
  expect(chosen('F10', 'F5B')).toEqual(['F5b', 'F10']);
});

test('only a run of everything, as often and as long as it should be, is whole', () => {
  expect(readOptions([], known)).toMatchObject({ whole: true, seed: undefined, short: false });
  expect(readOptions(['--seed', '7'], known)).toMatchObject({ whole: true, seed: 7 });
  for (const args of [['F1'], ['--short'], ['--runs', '1']]) expect(readOptions(args, known).whole).toBe(false);
});

test.for([
  [['F2'], 'unable to run fault F2; there are: F1, F5a, F5b, F10'],
  [['--seed', 'x'], 'unable to use --seed x; it is a whole number'],
  [['--long'], 'unable to run the faults; '],
] as const)('%j is refused with a sentence', ([args, sentence]) => {
  expect(() => readOptions(args, known)).toThrow(sentence);
});
