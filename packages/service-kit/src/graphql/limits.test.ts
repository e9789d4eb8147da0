import { limits, ParleyError } from '@parley/contracts';
import { sdl } from '@parley/contracts/sdl';
import {
  buildSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
  parse,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { documentFault } from './limits.ts';
import { listSizes } from './page-size.ts';
import { parseDocument } from './parse-document.ts';

const schema = buildSchema(sdl);
const faultOf = (text: string, variables?: Record<string, unknown>, operationName?: string) =>
  documentFault(parse(text), { schema, variables, operationName });
const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;

const channelPage = `query Channels($first: Int!) {
  channels(first: $first) { nodes { id name seq createdBy { id name } viewer { readSeq unreadCount }
    members(first: 25) { nodes { role user { id name image online } } }
    messages(last: 1) { nodes { id text user { id name image } attachments { id url title } reactionGroups { type count } } } } }
}`;

describe('ordinary documents pass', () => {
  test.each([
    ['a field', '{ me { id } }'],
    ['__typename', '{ __typename }'],
    ['the usual introspection', getIntrospectionQuery()],
    ['as deep as allowed', nested(limits.queryDepth)],
    ['as many aliases as allowed', `{ ${repeat(limits.queryAliases, (index) => `a${index}: me { id }`)} }`],
  ])('%s', (_name, text) => {
    expect(faultOf(text)).toBeNull();
  });

  test('a page of channels with members and last messages', () => {
    expect(faultOf(channelPage, { first: 30 })).toBeNull();
  });
});

describe('too much is refused with the limit', () => {
  test.each([
    ['deep', nested(limits.queryDepth + 1), limits.queryDepth],
    [
      'deep by fragments',
      `{ ...A } fragment A on Q { a { ...B } } fragment B on Q ${nested(limits.queryDepth)}`,
      limits.queryDepth,
    ],
    ['aliased', `{ ${repeat(limits.queryAliases + 1, (index) => `a${index}: me { id }`)} }`, limits.queryAliases],
    [
      'aliased by fragments',
      `{ ${repeat(limits.queryAliases / 2 + 1, () => '...A')} } fragment A on Query { x: me { id } y: me { id } }`,
      limits.queryAliases,
    ],
    ['aliased at length', `{ ${'a'.repeat(limits.queryAlias + 1)}: me { id } }`, limits.queryAlias],
    ['decorated', `{ me { id ${repeat(limits.queryDirectives + 1, () => '@a')} } }`, limits.queryDirectives],
    [
      'decorated everywhere',
      `query A($v: Int @a) @a { ...F @a ... on Query @a { me @a { id ${repeat(limits.queryDirectives - 5, () => '@a')} } } } fragment F on Query @a { me { id } }`,
      limits.queryDirectives,
    ],
    [
      'wide lists',
      '{ channels(first: 100) { nodes { messages(last: 100) { nodes { id text seq } } } } }',
      limits.queryCost,
    ],
    ['introspection in circles', `{ __schema { types ${nested(16)} } }`, 16],
  ])('%s', (_name, text, limit) => {
    const fault = faultOf(text);
    expect(fault).toBeInstanceOf(ParleyError);
    expect(fault).toMatchObject({ code: 'query_too_complex', details: { limit } });
    expect(fault?.message).toContain(`the limit is ${limit}`);
  });

  test('page sizes count from variables, from their defaults, and as 25 when none is asked for', () => {
    const lists = (sizes: string) =>
      `query Q($n: Int = 100) { channels(${sizes}) { nodes { members(first: 100) { nodes { role user { id } } } } } }`;
    expect(faultOf(lists('first: $n'))).toMatchObject({ code: 'query_too_complex' });
    expect(faultOf(lists('first: $n'), { n: 1 })).toBeNull();
    expect(faultOf(lists('first: 1'))).toBeNull();
    const unsized = '{ channels { nodes { members { nodes { user { id } } } messages { nodes { id text } } } } }';
    const withField = unsized.replace('nodes { id text }', `nodes { ${repeat(50, () => 'id')} }`);
    expect(faultOf(unsized)).toBeNull();
    expect(faultOf(withField)).toMatchObject({ code: 'query_too_complex' });
  });

  test('an absurd page size is left to the page, which names the field', () => {
    expect(faultOf('{ channels(first: 2000000000) { nodes { id } } }')).toBeNull();
    expect(faultOf('{ channels(first: $n) { nodes { id } } }', { n: -5 })).toBeNull();
  });
});

describe('documents that make no sense', () => {
  test('a fragment that spreads itself, straight or around', () => {
    const around = '{ ...A } fragment A on Query { me { id } ...B } fragment B on Query { ...A }';
    for (const text of ['{ ...A } fragment A on Query { ...A }', around])
      expect(faultOf(text)).toMatchObject({
        code: 'invalid_query',
        message: expect.stringContaining('spreads itself'),
      });
  });

  test('an operation that is missing, unclear or unknown', () => {
    const two = 'query A { me { id } } query B { me { id } }';
    expect(faultOf('fragment A on Query { me { id } }')).toMatchObject({ code: 'invalid_query' });
    expect(faultOf(two)).toMatchObject({
      code: 'invalid_query',
      message: expect.stringContaining('several operations'),
    });
    expect(faultOf(two, {}, 'B')).toBeNull();
    expect(faultOf(two, {}, 'C')).toMatchObject({ code: 'invalid_query', details: { field: 'operationName' } });
  });

  test('an unknown fragment is left to validation', () => {
    expect(faultOf('{ ...Nowhere }')).toBeNull();
  });
});

test('fragments that double at each step are measured once each', () => {
  const steps = 100;
  const doubling = repeat(steps, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`);
  const text = `{ ...F0 } ${doubling} fragment F${steps} on Query { me { id } }`;
  // Measured each time that they are spread, 2^100 of them would never come to an end.
  expect(faultOf(text)).toMatchObject({ code: 'query_too_complex' });
});

describe('parsing', () => {
  test('a document over the token limit is too complex', () => {
    const text = `{ ${repeat(limits.queryTokens, () => 'a')} }`;
    expect(() => parseDocument(text)).toThrow(`over ${limits.queryTokens} tokens`);
    expect(() => parseDocument(text)).toThrow(expect.objectContaining({ code: 'query_too_complex' }));
  });

  test('a syntax error says where', () => {
    expect(() => parseDocument('{ me {')).toThrow(expect.objectContaining({ code: 'invalid_query' }));
    expect(() => parseDocument('{ me {')).toThrow(/Expected Name.*\(line 1, column 7\)/);
    expect(parseDocument('{ me { id } }').definitions).toHaveLength(1);
  });
});

describe('lists that are no pages', () => {
  test('count with what they may hold', () => {
    const aliases = repeat(26, (at) => `a${at}: mentionedUsers { id name image role custom online }`);
    const fault = faultOf(
      `{ channel(id: "a:b") { messages(last: 100) { nodes { ${aliases} quoted { reactionGroups { type } } } } } }`,
    );
    expect(fault).toMatchObject({ code: 'query_too_complex', details: { limit: limits.queryFields } });
  });

  test('each is known, so that none counts as one item', () => {
    const lists = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !type.name.startsWith('__') && !/(Connection|Edge)$/.test(type.name)
        ? Object.values(type.getFields())
            .filter((field) => isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type)))
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(lists.filter((list) => !listSizes.has(list))).toEqual([]);
    expect([...listSizes.keys()].filter((list) => !lists.includes(list))).toEqual([]);
  });
});

describe('introspection', () => {
  test.each([
    ['all types under an alias again', 9, repeat(2, (at) => `a${at}: __schema { types { ...T } }`)],
    [
      'the fields of the types of all fields',
      5,
      '__schema { types { fields { type { fields { name description args { ...A } type { ...R } } } } } }',
    ],
  ])('asked for %s is refused', (_name, levels, inside) => {
    const reference = (left: number): string => (left === 0 ? '' : `kind name ofType { ${reference(left - 1)} name }`);
    const text = `{ ${inside} } fragment R on __Type { ${reference(levels)} } fragment A on __InputValue { name description type { ...R } defaultValue }
      fragment T on __Type { kind name description fields { name description args { ...A } type { ...R } } }`;
    expect(faultOf(text)).toMatchObject({ code: 'query_too_complex', details: { limit: limits.queryIntrospection } });
  });
});
