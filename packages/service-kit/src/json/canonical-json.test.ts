import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('equal values have equal text, whatever the order of their keys', () => {
  expect(canonicalJson([{ b: 1, a: { d: 2, c: [1, 2] } }])).toBe('[{"a":{"c":[1,2],"d":2},"b":1}]');
  expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
  expect(canonicalJson(undefined)).toBe('null');
});
