import { ensureInstall } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

// `npm run chaos -- F1 F4 --seed 7 --runs 3 --short --json`: the fault table, or a part of it.
const args = ['--conditions=@parley/source', 'chaos/src/main.ts', ...process.argv.slice(2)];
process.exitCode = await runChild(ensureInstall(), args);
