import { sdl } from '@parley/contracts/sdl';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { Documents } from './documents.ts';

const schema = buildSchema(sdl);
const numbered = (n: number) => `subscription Number${n} { inbox { at } }`;

test('the least recently used documents go first', () => {
  const documents = new Documents(schema, { maxEntries: 2 });
  const first = documents.prepare(numbered(1), undefined);
  documents.prepare(numbered(2), undefined);
  expect(documents.prepare(numbered(1), undefined)).toBe(first);
  documents.prepare(numbered(3), undefined);
  expect(documents.size).toBe(2);
  expect(documents.prepare(numbered(1), undefined)).toBe(first);
});

test('the size of all texts together is bounded too', () => {
  const documents = new Documents(schema, { maxCharacters: 200 });
  for (let n = 0; n < 20; n += 1) documents.prepare(numbered(n), undefined);
  expect(documents.size).toBeLessThanOrEqual(5);
});

test('a document that was thrown out and comes again is in the same group as before', () => {
  const documents = new Documents(schema, { maxEntries: 1 });
  const before = documents.prepare(numbered(1), undefined);
  documents.prepare(numbered(2), undefined);
  const after = documents.prepare(numbered(1), undefined);
  expect(after).not.toBe(before);
  expect(after).toMatchObject({ key: 'key' in before ? before.key : '' });
});

test('queries and mutations are left to the API, even when this node does not know their fields', () => {
  const documents = new Documents(schema);
  expect(documents.prepare('{ newField }', undefined)).toEqual({ kind: 'forwarded' });
  expect(documents.prepare('query A { a } mutation B { b }', 'B')).toEqual({ kind: 'forwarded' });
});

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson([{ b: 1, a: { d: 2, c: [1, 2] } }])).toBe('[{"a":{"c":[1,2],"d":2},"b":1}]');
  expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});
