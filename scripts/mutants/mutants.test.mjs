import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mutants } from './list.mjs';
import { mutate } from './mutate.mjs';
import { outcomeOf } from './outcome.mjs';
import { sample } from './sample.mjs';

const path = (file) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const one = { id: 'one', file: 'a.ts', before: 'a > b', after: 'a >= b' };

describe('the list', () => {
  test.each(mutants)('$id fits the code as it is', (mutant) => {
    const text = readFileSync(path(mutant.file), 'utf8');
    expect(mutate(text, mutant)).not.toBe(text);
    expect(mutant.tests).not.toEqual([]);
    for (const file of mutant.tests) expect(existsSync(path(file)), file).toBe(true);
  });

  test('names each mutant once', () => {
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });
});

describe('a mutant', () => {
  test('changes the one place that it means, letter for letter', () => {
    expect(mutate('if (a > b) f();', { ...one, after: "a $& '" })).toBe("if (a $& ') f();");
  });

  test.each(['if (c) f();', 'a > b; a > b'])('that does not fit is refused, not passed over: %s', (text) => {
    expect(() => mutate(text, one)).toThrow('unable to apply mutant one');
  });
});

describe('a sample', () => {
  const list = ['x', 'x', 'x', 'x', 'y', 'z'].map((group, id) => ({ id, group }));

  test('takes of each group before it takes more of one', () => {
    const groups = sample(list, 4, 3).map(({ group }) => group);
    expect(groups.filter((group) => group === 'x')).toHaveLength(2);
    expect(groups).toEqual(expect.arrayContaining(['y', 'z']));
  });

  test('is the same for the same seed, and all of them when it is large', () => {
    expect(sample(list, 3, 7)).toEqual(sample(list, 3, 7));
    expect(sample(list, 100, 7)).toEqual(list);
  });
});

describe('an outcome', () => {
  const result = (status, tests, message) => ({ name: '/t.test.ts', status, message, assertionResults: tests });
  const report = (...testResults) => ({
    success: testResults.every(({ status }) => status === 'passed'),
    numTotalTests: testResults.flatMap(({ assertionResults }) => assertionResults).length,
    testResults,
  });

  test('is caught by the first test that fails, or by tests that never end', () => {
    const tests = [
      { status: 'passed', fullName: 'a' },
      { status: 'failed', fullName: 'b' },
    ];
    expect(outcomeOf(report(result('failed', tests)))).toEqual({ kind: 'caught', by: 'b', file: '/t.test.ts' });
    expect(outcomeOf(null)).toMatchObject({ kind: 'caught' });
  });

  test('is survived only when tests were run and all passed', () => {
    expect(outcomeOf(report(result('passed', [{ status: 'passed', fullName: 'a' }])))).toEqual({ kind: 'survived' });
    expect(outcomeOf(report())).toMatchObject({ kind: 'broken' });
  });

  test('of what does not load is no catch', () => {
    const unloaded = result('failed', [], 'SyntaxError: unexpected token\n at x');
    expect(outcomeOf(report(unloaded))).toMatchObject({ kind: 'broken', by: 'SyntaxError: unexpected token' });
  });
});
