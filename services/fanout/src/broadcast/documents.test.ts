import { sdl } from '@parley/contracts/sdl';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { Documents } from './documents.ts';

const schema = buildSchema(sdl);
const numbered = (n: number) => `subscription Number${n} { inbox { at } }`;

const subscription = (documents: Documents, text: string) => {
  const operation = documents.prepare(text, undefined);
  if (operation.kind !== 'subscription') throw new TypeError('not a subscription');
  return operation;
};

test('documents that nobody uses are kept within a number of bytes, the least recently used go first', () => {
  const documents = new Documents(schema, { maxBytes: 100_000 });
  const first = documents.prepare(numbered(1), undefined);
  for (let n = 2; n < 200; n += 1) {
    documents.prepare(numbered(n), undefined);
    expect(documents.prepare(numbered(1), undefined)).toBe(first);
  }
  expect(documents.unusedBytes).toBeLessThanOrEqual(100_000);
  expect(documents.unusedBytes).toBeGreaterThan(10_000);
});

test('a document that is used stays, and all who send it share the one', () => {
  const documents = new Documents(schema, { maxBytes: 1 });
  const used = documents.hold(subscription(documents, numbered(1)));
  expect(documents.prepare(numbered(1), undefined)).toBe(used);
  documents.release(used);
  expect(documents.used).toBe(0);
  const again = subscription(documents, numbered(1));
  expect(again).not.toBe(used);
  expect(again.key).toBe(used.key);
});

test('nothing is kept of a document that was refused, nor the text of one that was not', () => {
  const documents = new Documents(schema);
  expect(() => documents.prepare('subscription { nothing }', undefined)).toThrow(AggregateError);
  expect(() => documents.prepare('subscription {', undefined)).toThrow();
  expect(documents.unusedBytes).toBe(0);
  documents.prepare(`{ me { id } } # ${'x'.repeat(50_000)}`, undefined);
  expect(documents.unusedBytes).toBeLessThan(1_000);
});

test('what a document takes is counted by its nodes', () => {
  const documents = new Documents(schema);
  const small = subscription(documents, numbered(1)).bytes;
  const large = subscription(documents, `subscription { inbox { ${'at '.repeat(60)} } }`).bytes;
  expect(large).toBeGreaterThan(small + 60 * 200);
});

test('an operation beside the one that runs is measured too, since validation looks at it', () => {
  const documents = new Documents(schema);
  const deep = `query Deep { ${'a { '.repeat(20)}b${' }'.repeat(20)} }`;
  expect(() => documents.prepare(`${numbered(1)} ${deep}`, 'Number1')).toThrow(/levels deep/);
});

test('queries and mutations are left to the API, even when this node does not know their fields', () => {
  const documents = new Documents(schema);
  expect(documents.prepare('{ newField }', undefined)).toEqual({ kind: 'forwarded' });
  expect(documents.prepare('query A { a } mutation B { b }', 'B')).toEqual({ kind: 'forwarded' });
});
