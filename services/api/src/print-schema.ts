import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { createSchema } from './graphql/schema.ts';

/** What is made of the schema: the file for people and tools, and the module that the fan-out service builds its schema from. */
export function printedFiles(): readonly { readonly path: string; readonly text: string }[] {
  const sdl = `${printSchema(createSchema())}\n`;
  const module = `// Printed by services/api (src/print-schema.ts); do not edit.
/** The whole schema of the public API, as the API prints it. */
export const sdl: string = \`${sdl.replaceAll(/[\\`]|\$\{/g, '\\$&')}\`;
`;
  return [
    { path: fileURLToPath(new URL('../schema.graphql', import.meta.url)), text: sdl },
    { path: fileURLToPath(new URL('../../../packages/contracts/src/sdl.ts', import.meta.url)), text: module },
  ];
}

/** Paths of printed files that no longer say what the schema says. */
export async function staleFiles(): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, text } of printedFiles()) {
    if ((await readFile(path, 'utf8').catch(() => '')) !== text) stale.push(path);
  }
  return stale;
}

async function main(check: boolean): Promise<void> {
  if (!check) {
    for (const { path, text } of printedFiles()) await writeFile(path, text);
    return;
  }
  for (const path of await staleFiles()) {
    console.error(
      `unable to pass; ${path} differs from the schema, run: node --conditions=@parley/source services/api/src/print-schema.ts`,
    );
    process.exitCode = 1;
  }
}

if (import.meta.main) await main(process.argv.includes('--check'));
