import { join } from 'node:path';
import { ensureInstall, fail, root } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

// `npm run fuzz` sends 100,000 mutated inputs, `npm run fuzz -- <inputs> <seed>` as many as are asked for; the same seed makes the same inputs.
const [inputs = '100000', seed = String(Date.now() % 1_000_000_000), ...rest] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(inputs) || !/^\d+$/.test(seed) || rest.length > 0)
  fail('unable to fuzz; it takes a number of inputs and a seed: npm run fuzz -- 100000 1');
process.stderr.write(`${inputs} inputs, seed ${seed}\n`);
process.env['FUZZ_INPUTS'] = inputs;
process.env['FUZZ_SEED'] = seed;
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
process.exitCode = await runChild(ensureInstall(), [vitest, 'run', 'e2e/fuzz/fuzz.test.ts']);
