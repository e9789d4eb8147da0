import { expect, test } from 'vitest';
import { createByteBoundedCache } from './byte-bounded-cache.ts';

const cache = (options: { readonly maxBytes: number; readonly maxEntryBytes?: number }) =>
  createByteBoundedCache<string>({ ...options, bytesOf: (value) => 2 * value.length });

test('never holds more bytes than it may, however many entries are put in', () => {
  const kept = cache({ maxBytes: 10_000 });
  for (let at = 0; at < 1_000; at += 1) {
    kept.set(`key ${at}`, 'x'.repeat(at % 300));
    expect(kept.bytes).toBeLessThanOrEqual(10_000);
  }
  expect(kept.get('key 999')).toBe('x'.repeat(99));
  expect(kept.get('key 0')).toBeUndefined();
});

test('forgets what was not asked for the longest', () => {
  const kept = cache({ maxBytes: 1_500, maxEntryBytes: 1_000 });
  kept.set('a', 'x'.repeat(200));
  kept.set('b', 'x'.repeat(200));
  kept.get('a');
  kept.set('c', 'x'.repeat(200));
  expect(['a', 'b', 'c'].filter((key) => kept.get(key) !== undefined)).toEqual(['a', 'c']);
});

test('does not keep an entry that is too large, and drives out nothing for it', () => {
  const kept = cache({ maxBytes: 10_000, maxEntryBytes: 1_000 });
  kept.set('small', 'x');
  kept.set('large', 'x'.repeat(5_000));
  expect([kept.get('small'), kept.get('large')]).toEqual(['x', undefined]);
});

test('counts the keys as well: a long one is no way around the bound', () => {
  const kept = cache({ maxBytes: 10_000, maxEntryBytes: 5_000 });
  for (let at = 0; at < 100; at += 1) kept.set('k'.repeat(1_000 + at), '');
  expect(kept.bytes).toBeLessThanOrEqual(10_000);
  expect(kept.get('k'.repeat(4_000))).toBeUndefined();
});

test('an entry can be taken out, and its bytes with it', () => {
  const kept = cache({ maxBytes: 10_000 });
  kept.set('a', 'x');
  kept.delete('a');
  kept.delete('never there');
  expect([kept.get('a'), kept.bytes]).toEqual([undefined, 0]);
});
