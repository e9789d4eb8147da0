import { parseDocument } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { createDocumentCache, knownDocument } from './document-cache.ts';

const mebibyte = 1024 * 1024;

test('documents are kept by what they take in memory: a hundred that are all fields are not a hundred', () => {
  const cache = createDocumentCache();
  const text = (at: number) => `{ me { ${'a '.repeat(1_900)} b${at} } }`;
  for (let at = 0; at < 100; at += 1) cache.set(text(at), knownDocument(parseDocument(text(at))));
  expect(cache.bytes).toBeLessThanOrEqual(32 * mebibyte);
  expect(cache.get(text(99))).toBeDefined();
  expect(cache.get(text(0))).toBeUndefined();
});

test('what clients send all the time stays', () => {
  const cache = createDocumentCache();
  const usual = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id seq createdAt } }';
  cache.set(usual, knownDocument(parseDocument(usual)));
  for (let at = 0; at < 100; at += 1) {
    const other = `{ me { ${'a '.repeat(1_000)} b${at} } }`;
    cache.set(other, knownDocument(parseDocument(other)));
    expect(cache.get(usual)).toBeDefined();
  }
});

test.each([
  ['one operation without pages', 'mutation A($input: I) { a(input: $input) { id } }', true],
  ['pages of a size that is written down', '{ channels(first: 10) { nodes { id } } }', true],
  ['pages of a size that a variable says', 'query A($n: Int) { channels(first: $n) { nodes { id } } }', false],
  [
    'the same in a fragment',
    'query A($n: Int) { ...F } fragment F on Query { channels(last: $n) { nodes { id } } }',
    false,
  ],
  ['several operations', 'query A { me { id } } query B { me { id } }', false],
])('whether a document has to be measured again: %s', (_name, text, fixed) => {
  expect(knownDocument(parseDocument(text)).fixed !== null).toBe(fixed);
});
