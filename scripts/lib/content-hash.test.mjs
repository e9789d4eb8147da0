import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentHash } from './content-hash.mjs';

let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-hash-'));
  await mkdir(join(folder, 'src', 'deep'), { recursive: true });
  await writeFile(join(folder, 'src', 'deep', 'page.ts'), 'one');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the same files give the same hash', () => {
  expect(contentHash(folder, ['src'])).toBe(contentHash(folder, ['src', 'not-there']));
});

test.for([
  ['a changed file', 'src/deep/page.ts', true],
  ['a new file', 'src/new.ts', true],
  ['a test', 'src/deep/page.test.ts', false],
  ['what a build leaves behind', 'src/dist/page.js', false],
  ['a file outside the sources', 'readme.md', false],
])('%s: the hash changes: %s %s', async ([, file, changes]) => {
  const before = contentHash(folder, ['src']);
  await mkdir(join(folder, 'src', 'dist'), { recursive: true });
  await writeFile(join(folder, file), 'two');
  expect(contentHash(folder, ['src']) !== before).toBe(changes);
});
