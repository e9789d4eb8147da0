import { expect, test } from 'vitest';
import { sameFields } from './same-fields.ts';

test('values count, whatever the order of the fields', () => {
  expect(sameFields({ count: 1, readSeq: 2 }, { readSeq: 2, count: 1 })).toBe(true);
  expect(sameFields({ count: 1, readSeq: 2 }, { count: 2, readSeq: 1 })).toBe(false);
});

test('lists of different length differ, whichever is longer', () => {
  expect(sameFields(['ada'], ['ada', 'bob'])).toBe(false);
  expect(sameFields(['ada', 'bob'], ['ada'])).toBe(false);
  expect(sameFields(['ada', 'bob'], ['ada', 'bob'])).toBe(true);
});
