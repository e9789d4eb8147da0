import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { cpuUsOf, cpuUsOfTree } from './cpu-time.ts';

test('work of this process shows, and shows as no more than it took', () => {
  const begun = performance.now();
  const before = cpuUsOf(process.pid);
  const own = process.cpuUsage();
  while (process.cpuUsage(own).user < 50_000) JSON.stringify(process.versions);
  const spent = cpuUsOf(process.pid) - before;
  expect(spent).toBeGreaterThan(30_000);
  // All threads count, of which only a few run at a time.
  expect(spent).toBeLessThan((performance.now() - begun) * 1_000 * 8);
});

test('work of a process that this one started shows in the tree alone', async () => {
  const work =
    'while (process.cpuUsage().user < 100_000) JSON.stringify(process.versions); process.stdin.pipe(process.stdout);';
  const child = spawn(process.execPath, ['-e', work], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.write('done?');
  await once(child.stdout, 'data');
  const alone = cpuUsOf(process.pid);
  expect(cpuUsOfTree(process.pid) - alone).toBeGreaterThan(100_000);
});
