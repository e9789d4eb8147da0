import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serializeInSlices } from './serialize-answer.ts';

const mebibyte = 1024 * 1024;

/** Counts the turns, and takes none. */
function countedTurns() {
  let taken = 0;
  return {
    next: async () => {
      taken += 1;
    },
    taken: () => taken,
  };
}

test('gives what JSON gives, whatever the value', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ depthSize: 'large' }), async (value) => {
      expect(await serializeInSlices(value, mebibyte, countedTurns())).toBe(JSON.stringify(value));
    }),
  );
});

test('gives the same for values too large to be written in one go', async () => {
  const message = (at: number) => ({
    id: `${at}`,
    text: 'ü"\n'.repeat(2_000),
    custom: { at, none: undefined, list: [null, [], {}] },
  });
  const value = { data: { nodes: Array.from({ length: 300 }, (_, at) => message(at)) }, errors: undefined };
  const turns = countedTurns();
  expect(await serializeInSlices(value, 8 * mebibyte, turns)).toBe(JSON.stringify(value));
  expect(turns.taken()).toBeGreaterThan(5);
});

test('stops at the limit, and does not make the rest', async () => {
  const turns = countedTurns();
  const value = Array.from({ length: 1_000 }, () => 'x'.repeat(50_000));
  expect(await serializeInSlices(value, 2 * mebibyte, turns)).toBeNull();
  expect(turns.taken()).toBeLessThan(20);
});
