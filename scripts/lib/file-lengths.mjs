import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure-install.mjs';

/** A file that somebody reads to the end fits in the head; a longer one has two subjects. */
export const mostLines = 300;

/** Printed by a program, and read by none but programs. */
const generated = new Set(['packages/contracts/src/sdl.ts', 'packages/sdk-js/src/operations/documents.ts']);

const isSource = (file) => /\.(?:tsx?|mjs|css)$/.test(file) && !generated.has(file);

const linesOf = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Those of the files, by their paths in `folder`, that are too long. */
export function longFiles(folder, files) {
  return files
    .filter(isSource)
    .map((file) => ({ file, lines: linesOf(readFileSync(join(folder, file), 'utf8')) }))
    .filter(({ lines }) => lines > mostLines);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = globSync('**/*.{ts,tsx,mjs,css}', {
    cwd: root,
    exclude: ['**/node_modules', '**/dist', '**/.*'],
  }).sort();
  for (const { file, lines } of longFiles(root, files)) {
    process.stdout.write(`${file}: ${lines} lines, over ${mostLines}; split it by subject\n`);
    process.exitCode = 1;
  }
}
