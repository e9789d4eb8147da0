import { parseDocument } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { createDocumentCache } from './document-cache.ts';

const mebibyte = 1024 * 1024;

test('documents are kept by what they take in memory: a thousand that are mostly braces are not a thousand', () => {
  const cache = createDocumentCache();
  const text = (at: number) => `{ me { ${'a '.repeat(1_900)} b${at} } }`;
  for (let at = 0; at < 1_000; at += 1) cache.set(text(at), parseDocument(text(at)));
  expect(cache.bytes).toBeLessThanOrEqual(32 * mebibyte);
  expect(cache.get(text(999))).toBeDefined();
  expect(cache.get(text(0))).toBeUndefined();
});

test('what clients send all the time stays', () => {
  const cache = createDocumentCache();
  const usual = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id seq createdAt } }';
  cache.set(usual, parseDocument(usual));
  for (let at = 0; at < 500; at += 1) {
    const other = `{ me { ${'a '.repeat(1_000)} b${at} } }`;
    cache.set(other, parseDocument(other));
    expect(cache.get(usual)).toBeDefined();
  }
});
