import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { longFiles, mostLines } from './file-lengths.mjs';

const folder = mkdtempSync(join(tmpdir(), 'file-lengths-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(file, lines) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), 'line\n'.repeat(lines));
  return file;
}

test('a source file over the limit is named with its length, one at the limit is not', () => {
  const files = [
    write('fits.ts', mostLines),
    ...['a.ts', 'b.tsx', 'c.mjs', 'd.css'].map((file) => write(file, mostLines + 1)),
  ];
  expect(longFiles(folder, files)).toEqual(
    ['a.ts', 'b.tsx', 'c.mjs', 'd.css'].map((file) => ({ file, lines: mostLines + 1 })),
  );
});

test('generated files and other kinds may be longer', () => {
  const files = [
    'packages/contracts/src/sdl.ts',
    'packages/sdk-js/src/operations/documents.ts',
    'page.md',
    'data.json',
  ];
  expect(
    longFiles(
      folder,
      files.map((file) => write(file, mostLines + 1)),
    ),
  ).toEqual([]);
});
