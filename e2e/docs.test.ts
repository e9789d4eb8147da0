import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

async function pages(): Promise<string[]> {
  const top = (await readdir(root)).filter((name) => name.endsWith('.md'));
  const docs = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'));
  return [...top, ...docs.map((name) => join('docs', name))];
}

test('every link of the documentation leads to something that exists', async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    const text = await readFile(join(root, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const path = join(root, dirname(page), target);
      if (!existsSync(path)) broken.push(`${page}: ${relative(root, path)}`);
    }
  }
  expect(broken).toEqual([]);
});

test('README and .env.example name every variable that a service reads', async () => {
  const [readme, example] = await Promise.all(
    ['README.md', '.env.example'].map((name) => readFile(join(root, name), 'utf8')),
  );
  for (const service of ['api', 'fanout']) {
    const env = await readFile(join(root, 'services', service, 'src', 'env.ts'), 'utf8');
    const names = [...env.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name);
    expect(names, service).not.toEqual([]);
    for (const name of names) {
      expect(readme, `README.md misses ${name}`).toContain(`\`${name}\``);
      expect(example, `.env.example misses ${name}`).toMatch(new RegExp(`^#? ?${name}=`, 'm'));
    }
  }
});
