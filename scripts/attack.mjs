import { ensureInstall } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

// `npm run attack -- deep-ping large-answer --short --json`: every attack on a platform of its own, or some of them.
const args = ['--conditions=@parley/source', 'attack/src/main.ts', ...process.argv.slice(2)];
process.exitCode = await runChild(ensureInstall(), args);
