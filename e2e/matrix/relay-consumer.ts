import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { sdl } from '@parley/contracts/sdl';
import { relayConfig, relayModule } from '../caches/relay-documents.ts';
import { bin, type Consumer, run } from './consumer.ts';

const artifactsFile = fileURLToPath(new URL('../caches/relay-artifacts.json', import.meta.url));

/** The compiler takes 118 MB, so the tests run what it made, which is in git; here it is made anew. */
export const relay: Consumer = {
  name: 'relay-21',
  dependencies: { 'relay-compiler': '21.0.1', 'relay-runtime': '21.0.1' },
  files: () => ({ 'src/room.js': relayModule, 'schema.graphql': sdl, 'relay.config.json': relayConfig }),
  async chat({ folder }) {
    await run(folder, bin(folder, 'relay-compiler'), ['relay.config.json']);
    const made = await artifactsIn(join(folder, 'src', '__generated__'));
    const known: unknown = JSON.parse(await readFile(artifactsFile, 'utf8').catch(() => '{}'));
    if (isDeepStrictEqual(known, made)) return;
    await writeFile(artifactsFile, `${JSON.stringify(made, null, 2)}\n`);
    throw new Error(
      `the documents compile to something else; ${artifactsFile} was written anew: look at it, and commit it`,
    );
  },
};

/** By the names of the documents, as JSON: a module that is imported by another one is part of it. */
async function artifactsIn(folder: string): Promise<unknown> {
  const artifacts: Record<string, unknown> = {};
  const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql.js')).sort();
  // A bundler knows that they are ES modules, and which file an import means.
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), text.replace(/ from '(.*\.graphql)';/g, " from '$1.js';"));
  }
  for (const file of files) {
    const module: { readonly default: unknown } = await import(pathToFileURL(join(folder, file)).href);
    artifacts[file.replace('.graphql.js', '')] = module.default;
  }
  return JSON.parse(JSON.stringify(artifacts));
}
