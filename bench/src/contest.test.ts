import { expect, test } from 'vitest';
import { contest, ratio, spreadOf } from './contest.ts';

function twoContenders() {
  const order: string[] = [];
  const contender = (name: string, factor: number) => {
    let round = 0;
    return {
      name,
      async measure() {
        order.push(name);
        round += 1;
        return { cost: round * factor };
      },
    };
  };
  return { order, contenders: [contender('slow', 4), contender('fast', 2)] };
}

test('the order turns every round, and the warm-up counts for nothing', async () => {
  const { order, contenders } = twoContenders();
  const result = await contest({ contenders, rounds: 2, warmUp: 1 });
  expect(order).toEqual(['slow', 'fast', 'fast', 'slow', 'slow', 'fast']);
  expect(result.values).toEqual({ slow: { cost: [8, 12] }, fast: { cost: [4, 6] } });
});

test('a ratio is taken round by round', async () => {
  const { contenders } = twoContenders();
  const result = await contest({ contenders, rounds: 3, warmUp: 0 });
  expect(ratio(result, 'fast', 'slow', 'cost')).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  expect(spreadOf(result, 'slow', 'cost')).toEqual({ median: 8, min: 4, max: 12 });
});

test('a figure that nobody measured is not made up', async () => {
  const { contenders } = twoContenders();
  const result = await contest({ contenders, rounds: 1 });
  expect(() => ratio(result, 'fast', 'slow', 'price')).toThrow('unable to compare; fast has no figure price');
});
