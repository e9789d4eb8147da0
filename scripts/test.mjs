import { join } from 'node:path';
import { ensureInstall, root } from './lib/ensure-install.mjs';
import { runChild } from './lib/run-child.mjs';

let closingLine;
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const code = await runChild(ensureInstall(), [vitest, 'run', ...process.argv.slice(2)], {
  onMessage: (message) => {
    if (typeof message?.closingLine === 'string') closingLine = message.closingLine;
  },
});
// Said here, after the test runner is gone, so that nothing of its teardown comes after it; a run that broke off before
// it could count has failed.
if (closingLine !== undefined) process.stdout.write(`${closingLine}\n`);
else if (code !== 0) process.stdout.write('0 passed, 1 failed\n');
process.exitCode = code;
