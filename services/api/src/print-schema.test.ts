import { readFile } from 'node:fs/promises';
import { sdl } from '@parley/contracts/sdl';
import { buildSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { missingFrom } from '../test/schema-difference.ts';
import { createSchema } from './graphql/schema.ts';
import { staleFiles } from './print-schema.ts';

test('the printed files say what the schema says', async () => {
  expect(await staleFiles()).toEqual([]);
});

test('the schema holds all of the public core, with equal types', async () => {
  const core = buildSchema(await readFile(new URL('../test/fixtures/core.graphql', import.meta.url), 'utf8'));
  expect(missingFrom(createSchema(), core)).toEqual([]);
});

test('the fan-out service builds the same schema from the text', () => {
  expect(missingFrom(buildSchema(sdl), createSchema())).toEqual([]);
  expect(isObjectType(buildSchema(sdl).getType('MessageCreated'))).toBe(true);
});

test('a difference is seen: a missing field, another type, a missing argument, enum value, input field and interface', () => {
  const wanted = buildSchema(`
    interface I { a: Int }
    type Query implements I { a: Int b: [String!]! c(d: Int): Int e(f: F): E }
    enum E { ONE TWO }
    input F { g: Int! h: Int }`);
  const given = buildSchema(`
    type Query { a: Int b: [String!] c: Int e(f: F): E }
    enum E { ONE }
    input F { g: Int }`);
  expect(missingFrom(given, wanted)).toEqual([
    'I',
    'Query implements I',
    'Query.b: [String!]! (is [String!])',
    'Query.c(d: Int)',
    'E.TWO',
    'F.g: Int! (is Int)',
    'F.h: Int',
  ]);
});
