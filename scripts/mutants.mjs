import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstall, fail, projectEnvironment, root } from './lib/ensure-install.mjs';
import { mutants } from './mutants/list.mjs';
import { mutate } from './mutants/mutate.mjs';
import { outcomeOf } from './mutants/outcome.mjs';
import { resultsPage } from './mutants/results-page.mjs';
import { runTests } from './mutants/run-tests.mjs';
import { sample } from './mutants/sample.mjs';
import { copyTree } from './mutants/tree-copy.mjs';

// `npm run mutants` makes each fault of scripts/mutants in a copy of the tree and says which test caught it; `-- --sample 30 --seed 7` makes
// some of them, `-- --only seam` those whose id, group or file holds the text. `--save` keeps the table in docs/mutants.md.
const { sampled, seed, only, save } = optionsOf(process.argv.slice(2));
const chosen = sample(
  mutants.filter(({ id, group, file }) => only === undefined || [id, group, file].some((text) => text.includes(only))),
  sampled,
  seed,
);
if (chosen.length === 0) fail(`unable to make mutants; none has ${only} in its id, group or file`);
for (const mutant of mutants) mutate(readFileSync(join(root, mutant.file), 'utf8'), mutant);

const node = ensureInstall();
const copy = copyTree(root);
process.once('exit', copy.remove);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const testsOf = (files) => runTests(node, copy.folder, files, projectEnvironment());

process.stderr.write(`${chosen.length} of ${mutants.length} mutants, seed ${seed}; first the tests without any\n`);
const before = outcomeOf(await testsOf([...new Set(chosen.flatMap(({ tests }) => tests))]));
if (before.kind !== 'survived') fail(`unable to judge mutants; without any of them a test fails: ${before.by}`);

const outcomes = [];
for (const mutant of chosen) {
  const path = join(copy.folder, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, mutate(text, mutant));
  const outcome = outcomeOf(await testsOf(mutant.tests));
  writeFileSync(path, text);
  outcomes.push({ mutant, outcome });
  process.stdout.write(
    `${outcome.kind.padEnd(8)} ${mutant.id} (${mutant.group})${outcome.by ? `: ${outcome.by}` : ''}\n`,
  );
}

const caught = outcomes.filter(({ outcome }) => outcome.kind === 'caught').length;
process.stdout.write(`${caught} of ${outcomes.length} mutants caught\n`);
if (save) {
  const page = join(root, 'docs', 'mutants.md');
  writeFileSync(page, resultsPage(outcomes, copy.folder));
  spawnSync('biome', ['format', '--write', page], { cwd: root, env: projectEnvironment(), stdio: 'ignore' });
}
process.exitCode = caught === outcomes.length ? 0 : 1;

function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      sample: { type: 'string', default: String(mutants.length) },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      save: { type: 'boolean', default: false },
    },
  });
  if (!/^[1-9]\d*$/.test(values.sample) || !/^\d+$/.test(values.seed))
    fail('unable to make mutants; --sample and --seed take numbers: npm run mutants -- --sample 30 --seed 1');
  return { sampled: Number(values.sample), seed: Number(values.seed), only: values.only, save: values.save };
}
