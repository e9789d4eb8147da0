import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureInstall, projectEnvironment, root } from './lib/ensure-install.mjs';

// Every check that is not a test: the scripts `check:…` of the root and of the published packages, and the types. turbo runs them side by side and prints
// what the failed ones said. `--update` first writes what can be written: format, printed schema, documents, lock file, API reports.
const longestMs = 1_800_000;
const node = ensureInstall();

function run(program, ...args) {
  const options = { cwd: root, env: projectEnvironment(), stdio: 'inherit', timeout: longestMs };
  const { status } = spawnSync(program, args, options);
  if (status !== 0) process.exitCode = 1;
}

const turbo = (...args) =>
  run(
    'turbo',
    'run',
    ...args,
    '--continue=dependencies-successful',
    `--concurrency=${Math.min(4, Math.max(2, availableParallelism()))}`,
    '--output-logs=errors-only',
    '--log-order=grouped',
  );

if (process.argv.includes('--update')) {
  run('biome', 'check', '--write', '.');
  run(node, '--conditions=@parley/source', 'services/api/src/print-schema.ts');
  run(node, 'scripts/lib/typed-documents.mjs');
  run(node, 'scripts/complete-lock.mjs');
  turbo('build', '--filter=./packages/*');
  run(node, 'scripts/lib/api-report.mjs', '--update');
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
turbo('types', ...Object.keys(scripts).filter((name) => name.startsWith('check:')), 'check:package');
