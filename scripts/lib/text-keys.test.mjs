import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { textKeys } from './text-keys.mjs';

const folder = mkdtempSync(join(tmpdir(), 'text-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const given = `
  declare const written: string;
  declare const known: 'one' | 'two';
  declare const place: number;
  declare const table: Record<string, number>;
  declare const custom: { [key: string]: unknown };
  declare const list: readonly string[];
  declare const both: { one: 1; two: 2 };
`;

function found(...lines) {
  const file = join(folder, 'case.ts');
  writeFileSync(file, `${given}\n${lines.join('\n')}\nexport {};`);
  return textKeys([file]).map(({ code }) => code);
}

test('a text that chooses a property is found, to read and to write', () => {
  const lines = ['table[written]', 'table[written] = 1', 'table["a" + written]', '(both as any)[written]'];
  expect(found(...lines.map((line) => `${line};`))).toEqual([
    'table[written]',
    'table[written]',
    'table["a" + written]',
    '(both as any)[written]',
  ]);
});

test('a text that is looked for in an object is found, and custom data assigned to one', () => {
  const lines = ['written in table', 'Object.assign({}, custom)'];
  expect(found(...lines.map((line) => `${line};`))).toEqual(lines);
});

test('known words, positions in lists and own properties are left alone', () => {
  expect(
    found(
      'both[known];',
      'list[place];',
      'table["one"];',
      '"one" in both;',
      'Object.hasOwn(table, written) ? table[written] : undefined;',
      '({ ...custom, [written]: 1 });',
      'Object.assign({}, both);',
    ),
  ).toEqual([]);
});
