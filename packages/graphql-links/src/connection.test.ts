import { describe, expect, test } from 'vitest';
import { join, placeIn } from './connection.ts';

describe('an item goes', () => {
  test.for([
    ['to the end', [1, 2], 3, {}, 2],
    ['between its neighbours, when it comes late', [1, 2, 4], 3, {}, 2],
    ['to the end when nobody selected its order', [undefined, undefined], undefined, {}, 2],
    ['into an empty list', [], 3, { hasNextPage: true }, 0],
    ['nowhere, if newer ones are not loaded', [1, 2], 3, { hasNextPage: true }, -1],
    ['nowhere, if it is older than what is loaded', [4, 5], 3, { hasPreviousPage: true }, -1],
    ['to the beginning of a list that is whole', [4, 5], 3, { hasPreviousPage: false }, 0],
    ['by its name where a list is ordered by names', ['ada', 'carol'], 'bob', {}, 1],
  ] as const)('%s', ([, loaded, order, ends, at]) => expect(placeIn(loaded, order, ends)).toBe(at));
});

test('two pages that meet are one, with the ends of both and nothing twice', () => {
  const page = (nodes: number[], ends: object) => ({ nodes, edges: nodes.map((node) => ({ node })), pageInfo: ends });
  const first = page([1, 2, 3], { startCursor: 'a', endCursor: 'b', hasPreviousPage: true, hasNextPage: true });
  const second = page([3, 4], { startCursor: 'c', endCursor: 'd', hasPreviousPage: true, hasNextPage: false });
  expect(join(first, second, (node) => node)).toEqual(
    page([1, 2, 3, 4], { startCursor: 'a', endCursor: 'd', hasPreviousPage: true, hasNextPage: false }),
  );
});

test('what nobody selected is not made up', () => {
  expect(join({ nodes: [1] }, { nodes: [2] }, (node) => node)).toEqual({ nodes: [1, 2] });
});
