import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from './content-hash.mjs';
import { fail, projectEnvironment, root } from './ensure-install.mjs';

const demo = 'examples/02-react-messenger';
const sources = [
  demo,
  'packages/contracts/src',
  'packages/sdk-js/src',
  'packages/sdk-react/src',
  'package-lock.json',
  'scripts/lib/demo-page.mjs',
];

/** Builds the demo page when what it is made of has changed since it was built. */
export function ensureDemoPage(node) {
  const stampFile = join(root, demo, 'dist', '.built-from');
  const stamp = contentHash(root, sources);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stderr.write('building the demo page\n');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(node, [vite, 'build'], {
    cwd: join(root, demo),
    // Whoever builds it, a test runner say, the page is the one that people get: React for development is twice as slow.
    env: { ...projectEnvironment(), NODE_ENV: 'production' },
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail('unable to build the demo page; its output is above');
  }
  writeFileSync(stampFile, stamp);
}
