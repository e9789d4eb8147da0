import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { modules } from './index.ts';

const here = new URL('./', import.meta.url);

test('every folder of modules/ is in the list, and nothing else', async () => {
  const folders = (await readdir(here, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(modules.names.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

test.each(modules.names)('the module %s brings every schema file of its folder', async (name) => {
  const folder = new URL(`./${name}/`, here);
  const files = (await readdir(folder)).filter((file) => /^([a-z]+-)?schema\.ts$/.test(file));
  const index = await readFile(new URL('index.ts', folder), 'utf8');
  for (const file of files) expect(index).toContain(`import './${file}';`);
});
