import { limits } from '@parley/contracts';
import { sdl } from '@parley/contracts/sdl';
import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { comparisonsIn } from './comparisons.ts';
import { validateDocument } from './validate-document.ts';

const schema = buildSchema(sdl);
const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const comparisons = (text: string) => comparisonsIn(parse(text), 1_000_000);

describe('how much there is to compare', () => {
  test.each([
    ['no name twice', '{ me { id name } }', 0],
    ['one name twice', '{ me { id id } }', 1],
    ['one name thrice', '{ me { id id id } }', 3],
    ['twice, and what is in it', '{ me { id } me { id name } }', 2],
    ['under one alias', '{ a: me { id } a: user(id: "x") { id } }', 2],
    ['by fragments on it', '{ me { ...A ...B } } fragment A on User { id } fragment B on User { id }', 2],
    ['one fragment spread often', `{ me { ${repeat(50, () => '...A')} } } fragment A on User { id }`, 0],
    ['by inline fragments', '{ me { ... on User { id } ... { id } id } }', 3],
    ['in each operation', 'query A { me { id id } } query B { me { id id } }', 2],
  ])('%s', (_name, text, expected) => {
    expect(comparisons(text)).toBe(expected);
  });

  test('ends for a fragment that contains itself, and for one that unfolds without end', () => {
    const circular = '{ me { ...A } } fragment A on User { id ...B } fragment B on User { ...A }';
    expect(comparisons(circular)).toBe(1);
    const endless = parse('{ ...A } fragment A on Query { a { ...A } b { ...A } }');
    expect(comparisonsIn(endless, 1_000)).toBe(1_001);
  });
});

describe('validation that would be the work is refused with the limit', () => {
  test.each([
    ['a field again and again', `{ ${repeat(480, () => 'me{id}')} }`],
    ['a leaf again and again', `{ me { ${repeat(1_900, () => 'id')} } }`],
    [
      'many fragments that overlap',
      `{ ${repeat(100, (at) => `...F${at}`)} } ${repeat(100, (at) => `fragment F${at} on Query { me { id name } }`)}`,
    ],
    [
      'many fragments that have nothing in common',
      `{ ${repeat(70, (at) => `...F${at}`)} } ${repeat(70, (at) => `fragment F${at} on Query { a${at}: me { id } }`)}`,
    ],
  ])('%s', (_name, text) => {
    expect(() => validateDocument(schema, parse(text))).toThrow(
      expect.objectContaining({ code: 'query_too_complex', details: { limit: limits.queryComparisons } }),
    );
  });
});

test('what clients send is far below it', () => {
  expect(validateDocument(schema, parse(getIntrospectionQuery()))).toEqual([]);
  const events = ['MessageCreated', 'MessageUpdated', 'MessageDeleted', 'ReactionAdded', 'ReactionRemoved'];
  const text = `subscription { channelEvents(channelId: "messaging:a") { channelId ${repeat(5, (at) => `... on ${events[at]} { seq actor { ...U } message { ...M } }`)} } }
    fragment U on User { id name image } fragment M on Message { id text user { ...U } quoted { id text user { ...U } } }`;
  expect(validateDocument(schema, parse(text))).toEqual([]);
  expect(comparisons(text)).toBeLessThan(limits.queryComparisons / 10);
});
