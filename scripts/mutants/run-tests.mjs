import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Longer than the slowest of the listed test files takes on a slow machine; a mutant may make a test wait for ever. */
const deadlineMs = 300_000;

/** Runs test files in a copy of the tree. Resolves with Vitest's JSON report; null: they had not ended at the deadline. */
export async function runTests(node, folder, files, environment) {
  const reportFile = join(folder, '.report.json');
  rmSync(reportFile, { force: true });
  const args = ['run', '--reporter=json', `--outputFile=${reportFile}`, '--bail=1', ...files];
  const child = spawn(node, [join(folder, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = `${said}${text}`.slice(-4_000);
  });
  let late = false;
  // The whole group, for the database of the tests is in it.
  const stop = () => process.kill(0 - Number(child.pid), 'SIGTERM');
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, deadlineMs);
  process.once('exit', stop);
  await new Promise((resolve) => child.once('close', resolve));
  process.off('exit', stop);
  clearTimeout(timer);
  if (late) return null;
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    throw new Error(`unable to read what the tests say; Vitest gave no report\n${said}`);
  }
}
