import { expect, test } from 'vitest';
import { shorten } from './shorten.ts';

test('what fits a screen is shown whole', () => {
  expect(shorten('hello')).toBeNull();
  expect(shorten('word '.repeat(350))).toBeNull();
  expect(shorten('line\n'.repeat(28))).toBeNull();
});

test('a long text is cut between words', () => {
  const text = 'lorem ipsum '.repeat(800);
  const short = shorten(text) ?? '';
  expect(short.length).toBeLessThanOrEqual(1_500);
  expect(short.length).toBeGreaterThan(1_400);
  expect(text.startsWith(`${short} `)).toBe(true);
});

test('many short lines are cut by lines', () => {
  expect(shorten('a\n'.repeat(5_000))?.split('\n')).toHaveLength(24);
});

test('without any space it is cut all the same, never through a character', () => {
  expect(shorten('x'.repeat(10_000))).toHaveLength(1_500);
  expect(shorten(`x${'🎉'.repeat(5_000)}`)).toBe(`x${'🎉'.repeat(749)}`);
});
