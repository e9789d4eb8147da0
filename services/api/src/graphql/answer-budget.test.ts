import { limits } from '@parley/contracts';
import type { GraphQLResolveInfo } from 'graphql';
import { expect, test, vi } from 'vitest';
import { createRowMeter, type RowBudget } from '../platform/row-meter.ts';
import { createAnswerBudget } from './answer-budget.ts';

function budget(limit = 1_000) {
  const turns = { next: vi.fn(async () => undefined) };
  const meter = createRowMeter();
  const answer = createAnswerBudget({ limit, turns, meter });
  const rows = () => {
    const current = meter.current();
    if (current === undefined) throw new Error('nothing is counted here');
    return current;
  };
  return { answer, turns, rows };
}
// All of it that is looked at.
const field = (key: string) => ({ path: { key, prev: undefined, typename: 'User' } }) as unknown as GraphQLResolveInfo;
const refusal = expect.objectContaining({ code: 'query_too_complex' });

test('counts names, since an alias may be long, and what JSON escapes', () => {
  const { answer } = budget();
  answer.field(field('a'.repeat(100)));
  expect(answer.bytes).toBeGreaterThan(100);
  const before = answer.bytes;
  answer.value('\u0001'.repeat(100));
  expect(answer.bytes - before).toBe(602);
});

test('once it is broken nothing more is resolved and nothing more is read', async () => {
  const { answer, rows } = budget(100);
  answer.value('x'.repeat(200));
  expect(() => answer.field(field('id'))).toThrow(refusal);
  const load = vi.fn();
  await expect(answer.inTurn(load)).rejects.toEqual(refusal);
  expect(load).not.toHaveBeenCalled();
  expect(rows).toThrow('nothing is counted here');
});

test('lists are read one after the other', async () => {
  const { answer } = budget();
  const order: string[] = [];
  const load = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
  };
  await Promise.all([answer.inTurn(load('a')), answer.inTurn(load('b'))]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('one that fails does not keep the next from being read', async () => {
  const { answer } = budget();
  const failing = answer.inTurn(() => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await answer.inTurn(() => 1)).toBe(1);
});

test('rows are counted while they arrive, whatever is selected of them, and not kept once there are too many', async () => {
  const { answer, rows } = budget();
  const kept: boolean[] = [];
  const load = async (budgetOfRows: RowBudget) => {
    for (let at = 0; at < 4; at += 1) kept.push(budgetOfRows.take(limits.answerRowsBytes / 2));
    budgetOfRows.check();
  };
  await expect(answer.inTurn(() => load(rows()))).rejects.toEqual(refusal);
  expect(kept).toEqual([true, true, false, false]);
});

test('a list of many is given in slices, once as many fields were resolved', async () => {
  const { answer, turns } = budget(limits.answerBytes);
  const given: number[] = [];
  const shown = answer.sliced(Array.from({ length: 100 }, (_, at) => at)).map(async (item) => {
    given.push(await item);
    for (let at = 0; at < 100; at += 1) answer.field(field('id'));
  });
  await Promise.all(shown);
  expect(given).toEqual(Array.from({ length: 100 }, (_, at) => at));
  expect(turns.next.mock.calls.length).toBeGreaterThan(3);
  expect(answer.sliced([1, 2])).toEqual([1, 2]);
});

test('a list of few fields that are large is given in slices too', async () => {
  const { answer, turns } = budget(limits.answerBytes);
  const shown = answer.sliced(Array.from({ length: 50 }, () => 'x'.repeat(100_000))).map(async (item) => {
    answer.value(await item);
  });
  await Promise.all(shown);
  expect(turns.next.mock.calls.length).toBeGreaterThan(10);
});
