import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstall, fail, root } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

// `npm run bench` runs every bench/<name>.bench.ts, `npm run bench -- <name> …` one of them with the arguments after it.
const ending = '.bench.ts';
const known = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();
const [first, ...others] = process.argv.slice(2);
const named = first !== undefined && !first.startsWith('-');
const names = named ? [first] : known;
const args = named ? others : process.argv.slice(2);
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) fail(`unable to run benchmark ${unknown}; there are: ${known.join(', ') || 'none'}`);

const node = ensureInstall();
for (const name of names) {
  process.stderr.write(`${name}\n`);
  const code = await runChild(node, ['--conditions=@parley/source', `bench/${name}${ending}`, ...args]);
  if (code !== 0) {
    process.exitCode = code;
    break;
  }
}
