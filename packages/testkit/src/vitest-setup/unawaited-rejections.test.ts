import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const vitest = fileURLToPath(new URL('../../../../node_modules/vitest/vitest.mjs', import.meta.url));
const config = fileURLToPath(new URL('nested-run.config.ts', import.meta.url));

/** Runs the tests of the fixture in a process of their own. */
async function nestedRun() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-nested-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const reportFile = join(folder, 'report.json');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, `--outputFile.json=${reportFile}`], {
    cwd: root,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return {
    code,
    stderr,
    closingLine: stdout.trim().split('\n').at(-1),
    report: JSON.parse(await readFile(reportFile, 'utf8')),
  };
}

test('a rejection that nobody awaits fails the test that caused it, and no run breaks off for one', async () => {
  const { code, stderr, closingLine, report } = await nestedRun();
  expect(report.testResults[0].assertionResults).toMatchObject([
    { title: 'innocent', status: 'passed' },
    {
      title: 'guilty',
      status: 'failed',
      failureMessages: [expect.stringContaining('nobody awaited it: Error: nobody waits for me')],
    },
    { title: 'innocent as well', status: 'passed' },
  ]);
  // Of the process that runs them the run says so, and counts it.
  expect(stderr).toContain('nobody waits for me either');
  expect(closingLine).toBe('2 passed, 2 failed');
  expect(code).toBe(1);
});
