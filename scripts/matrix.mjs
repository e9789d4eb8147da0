import { ensureInstall } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

// `npm run matrix -- vite jest`: the packages in apps of other people's tools, or in some of them. It needs the npm registry and a Chromium.
const args = ['--conditions=@parley/source', 'e2e/matrix/main.ts', ...process.argv.slice(2)];
process.exitCode = await runChild(ensureInstall(), args);
