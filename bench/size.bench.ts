import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { report } from './src/report.ts';

// What the SDKs add to a page, gzipped, from a fresh build. The limits are in .size-limit.json and are part of the checks.
const root = fileURLToPath(new URL('..', import.meta.url));
const options: ExecFileSyncOptionsWithStringEncoding = {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
};

execFileSync('turbo', ['run', 'build', '--filter=@parley/sdk-react...', '--output-logs=errors-only'], options);
// Parsing edge: size-limit's own format.
const bundles = JSON.parse(execFileSync('size-limit', ['--json'], options)) as {
  name: string;
  size: number;
  passed: boolean;
}[];
report(
  'size',
  bundles.map(({ name, size, passed }) => ({
    what: name,
    measured: `${(size / 1_000).toFixed(1)} kB gzip`,
    target: name.startsWith('@parley/sdk-js') ? '≤ 22.2 kB' : '≤ 40.6 kB',
    met: passed,
  })),
  { unit: 'bytes, gzip', bundles: bundles.map(({ name, size }) => ({ name, size })) },
);
