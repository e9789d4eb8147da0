import { limits } from '@parley/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNestedDeeper } from './nesting.ts';
import { JsonRefusal, parseJson } from './parse-json.ts';
import { parseRequestJson } from './request-json.ts';

const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const refusalOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('nesting', () => {
  test('of any JSON is found in its text, whatever its strings hold', () => {
    const json = fc.json({ maxDepth: 6, stringUnit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'é', '\n') });
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 8 }), (text, limit) => {
        expect(isNestedDeeper(text, limit)).toBe(depthOf(JSON.parse(text)) > limit);
      }),
    );
  });

  test.each([
    ['lists', nested(limits.jsonDepth), nested(limits.jsonDepth + 1)],
    [
      'objects',
      nested(limits.jsonDepth, '{"a":', '}').replace(':}', ':0}'),
      nested(70, '{"a":', '}').replace(':}', ':0}'),
    ],
  ])('of %s is taken up to the limit and not beyond it', (_name, fits, tooDeep) => {
    expect(depthOf(parseJson(fits))).toBe(limits.jsonDepth);
    expect(() => parseJson(tooDeep)).toThrow(JsonRefusal);
  });

  test('by the hundred thousand overflows nothing', () => {
    expect(() => parseJson(nested(60_000))).toThrow('over 64 levels deep');
    expect(() => parseJson('['.repeat(120_000))).toThrow(SyntaxError);
    expect(() => parseJson(`"${'\\'.repeat(120_000)}`)).toThrow(SyntaxError);
  });
});

test('U+0000 is refused in texts and in keys, and its escape as plain text is not', () => {
  expect(refusalOf(() => parseJson('{"a":["x\\u0000"]}'))).toMatchObject({ reason: 'nul', path: ['a', '0'] });
  expect(refusalOf(() => parseJson('{"a":{"\\u0000":1}}'))).toMatchObject({ reason: 'nul', path: ['a'] });
  expect(parseJson('["\\\\u0000"]')).toEqual(['\\u0000']);
});

test('a refused request names the field of the variable, the limit and the cure', () => {
  const deep = `{"query":"","variables":{"input":{"text":"hi","custom":${nested(2_400)}}}}`;
  expect(refusalOf(() => parseRequestJson(deep))).toMatchObject({
    code: 'invalid_input',
    message: 'unable to read the request; custom makes it over 64 levels deep; nest less, or send it as text',
    details: { field: 'custom', limit: limits.jsonDepth },
  });
  expect(refusalOf(() => parseRequestJson(`{"filter":${nested(70)}}`, ['variables']))).toMatchObject({
    details: { field: 'filter' },
  });
  expect(refusalOf(() => parseRequestJson(nested(70)))).toMatchObject({ code: 'invalid_input' });
});

describe('whole numbers that a JSON number cannot hold', () => {
  test.each(['9007199254740993', '-9007199254740993', '12345678901234567890', '1000000000000000000001'])(
    '%s is refused by the name of its field, and taken as text',
    (digits) => {
      const body = (value: string) => `{"query":"","variables":{"input":{"text":"hi","custom":{"a":[1,${value}]}}}}`;
      expect(refusalOf(() => parseRequestJson(body(digits)))).toMatchObject({
        code: 'invalid_input',
        message:
          'unable to read the request; custom holds a whole number beyond 2^53 that a JSON number cannot hold; send it as text',
        details: { field: 'custom' },
      });
      expect(parseRequestJson(body(`"${digits}"`))).toMatchObject({ query: '' });
    },
  );

  test('what a program wrote that has doubles itself is taken, however long', () => {
    const doubles = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.constant(1e20),
    );
    fc.assert(
      fc.property(doubles, (value) => {
        const text = JSON.stringify([value]);
        expect(JSON.stringify(parseRequestJson(text))).toBe(text);
      }),
    );
    expect(parseRequestJson('[0.123456789012345671, 1000000000000000000000]')).toEqual([
      Number('0.123456789012345671'),
      1e21,
    ]);
  });
});
