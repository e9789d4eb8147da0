import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DevPlatform } from '@parley/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlatform } from './platform.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const limits = { timeout: 120_000, maxBuffer: 1024 * 1024 };

let platform: DevPlatform;
let folder: string;
const guides = join(root, 'docs', 'guides');
const files = new Map<string, string>();
const shells: string[] = [];

beforeAll(async () => {
  // Inside the repository, so that packages are found; git and the linters leave this name out.
  await mkdir(join(root, '.parley-quickstart'), { recursive: true });
  folder = await mkdtemp(join(root, '.parley-quickstart', 'run-'));
  platform = await startPlatform({ demo: true });
  const guide = await readFile(join(guides, 'quickstart.md'), 'utf8');
  for (const [, language = '', code = ''] of guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    const here = code.replaceAll('http://127.0.0.1:4000', platform.url);
    const name = /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1];
    if (name !== undefined) files.set(name, here);
    else if (language === 'sh' && code.includes('curl')) shells.push(here);
  }
  await Promise.all([...files].map(([name, code]) => writeFile(join(folder, name), code)));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  // Another run may be using it.
  await rmdir(dirname(folder)).catch(() => undefined);
  await platform?.close();
});

/** Writes the snippets of another guide: those with the name of a file as that file, the others as one module. What a reader has of their own is declared for all. */
async function writeSnippets(name: string): Promise<void> {
  const guide = await readFile(join(guides, name), 'utf8');
  const place = join(folder, `guide-${basename(name, '.md')}`);
  const together = ['export {};\n'];
  for (const [, code = ''] of guide.matchAll(/^```tsx?\n(.*?)^```$/gms)) {
    const file = /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1];
    if (file === undefined) together.push(code);
    else {
      await mkdir(dirname(join(place, file)), { recursive: true });
      await writeFile(join(place, file), code);
    }
  }
  await writeFile(`${place}.tsx`, together.join('\n'));
}
const readersOwn = `declare module '*.css';
declare module '*/schema.json';
declare const url: string;
declare const keyId: string;
declare const secret: string;
declare const getToken: () => Promise<string>;
declare const tracker: { report(error: unknown, details: object): void };
`;

test('every snippet of every guide has the types that it seems to have', async () => {
  expect([...files.keys()].sort()).toEqual(['back-end.ts', 'messenger.tsx', 'two-people.ts']);
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      jsx: 'react-jsx',
      // As the bundlers of readers: Next.js names files without their ending.
      module: 'preserve',
      moduleResolution: 'bundler',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: ['**/*.ts', '**/*.tsx'],
  };
  await writeFile(join(folder, 'readers-own.d.ts'), readersOwn);
  const others = (await readdir(guides)).filter((name) => name !== 'quickstart.md');
  for (const name of others) await writeSnippets(name);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, '--noEmit', '-p', folder], limits).catch((error: unknown) => ({
    stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error),
  }));
  expect(stdout).toBe('');
});

const runFile = (name: string, environment: Record<string, string> = {}) =>
  run(process.execPath, ['--conditions=@parley/source', join(folder, name)], {
    ...limits,
    env: { ...process.env, ...environment },
  });

test('two people talk as the guide says', async () => {
  const { stdout } = await runFile('two-people.ts');
  expect(stdout).toMatch(/ada sent event \d+/);
  expect(stdout).toContain('bob sees: Pizza at twelve?');
});

test('a back end mints a token as the guide says', async () => {
  const key = { PARLEY_KEY: platform.apiKey, PARLEY_SECRET: platform.apiSecret };
  expect((await runFile('back-end.ts', key)).stdout).toMatch(/a token of \d{3} characters/);
});

test('plain GraphQL works as the guide says', async () => {
  expect(shells).toHaveLength(2);
  const [query = '', stream = ''] = shells;
  expect(JSON.parse((await run('sh', ['-c', query], limits)).stdout)).toMatchObject({ data: { me: { id: 'ada' } } });
  expect((await run('sh', ['-c', stream], limits)).stdout).toContain('InboxSynced');
});
