import { availableParallelism } from 'node:os';
import { ensureInstall, projectEnvironment, root } from './lib/ensure-install.mjs';
import { runSteps } from './lib/run-steps.mjs';
import { publishedPackages } from './lib/workspaces.mjs';

// Every check that is not a test. `--update` writes what can be written: format, API reports, printed schema.
const update = process.argv.includes('--update');
const node = ensureInstall();
const packages = publishedPackages();
const filters = packages.map(({ name }) => `--filter=${name}`);
const printSchema = ['--conditions=@parley/source', 'services/api/src/print-schema.ts'];

const afterWriting = update ? { after: 'documents with their types' } : {};

const steps = [
  // What is written is what types and builds are made of.
  {
    name: 'types',
    ...afterWriting,
    command: ['turbo', 'run', 'types', '--continue', '--concurrency=2', '--output-logs=errors-only'],
  },
  {
    name: 'build of the published packages',
    ...afterWriting,
    command: ['turbo', 'run', 'build', ...filters, '--output-logs=errors-only'],
  },
  { name: 'format and lint (biome)', command: update ? ['biome', 'check', '--write', '.'] : ['biome', 'ci', '.'] },
  { name: 'lint with types (oxlint)', command: ['oxlint', '--deny-warnings'] },
  {
    name: 'import rules (dependency-cruiser)',
    command: [
      'depcruise',
      'packages',
      'services',
      'apps',
      'examples',
      'e2e',
      'bench',
      'chaos',
      'attack',
      '--output-type',
      'err',
    ],
  },
  { name: 'unused files, exports, dependencies (knip)', command: ['knip', '--no-config-hints'] },
  { name: 'printed schema', command: [node, ...printSchema, ...(update ? [] : ['--check'])] },
  {
    name: 'documents with their types',
    ...(update ? { after: 'printed schema' } : {}),
    command: [node, 'scripts/lib/typed-documents.mjs', ...(update ? [] : ['--check'])],
  },
  { name: 'keys that are any text', command: [node, 'scripts/lib/text-keys.mjs'] },
  { name: 'length of files', command: [node, 'scripts/lib/file-lengths.mjs'] },
  { name: 'changesets', command: [node, 'scripts/lib/changesets.mjs'] },
  {
    name: 'lock file for every platform',
    command: [node, 'scripts/complete-lock.mjs', ...(update ? [] : ['--check'])],
  },
  {
    name: 'public surface (API reports)',
    after: 'build of the published packages',
    command: [node, 'scripts/lib/api-report.mjs', ...(update ? ['--update'] : [])],
  },
  { name: 'pages of the public surface (TypeDoc)', ...afterWriting, command: [node, 'scripts/lib/type-docs.mjs'] },
  { name: 'bundle sizes', after: 'build of the published packages', command: ['size-limit'] },
  ...packages.flatMap(({ folder, name }) => [
    {
      name: `${name} as a package (publint)`,
      after: 'build of the published packages',
      command: ['publint', folder, '--strict'],
    },
    {
      name: `${name} as types (attw)`,
      after: 'build of the published packages',
      // The packages are ES modules only, for bundlers and for Node 20 and newer.
      command: ['attw', '--pack', folder, '--profile', 'esm-only', '--exclude-entrypoints', './styles.css', '--quiet'],
    },
  ]),
];

const failed = await runSteps(steps, {
  folder: root,
  environment: projectEnvironment(),
  atOnce: Math.min(4, Math.max(2, availableParallelism())),
});
process.exitCode = failed === 0 ? 0 : 1;
