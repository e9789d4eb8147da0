import { expect, test, vi } from 'vitest';
import { runSteps } from './run-steps.mjs';

/** Runs the steps and gives what was printed beside the count of failures. */
async function run(steps, atOnce = 2) {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    const failed = await runSteps(steps, { folder: '/', environment: process.env, atOnce });
    return { failed, printed };
  } finally {
    write.mockRestore();
  }
}

const node = (script) => [process.execPath, '-e', script];

test('a step that passes is one line, without its output', async () => {
  const { failed, printed } = await run([{ name: 'quiet', command: node('console.log("a great deal")') }]);
  expect(failed).toBe(0);
  expect(printed).toMatch(/^✓ quiet \d+\.\d s\n$/);
});

test('a step that fails shows what it said on both streams', async () => {
  const { failed, printed } = await run([
    { name: 'loud', command: node('console.log("first"); console.error("second"); process.exit(3)') },
  ]);
  expect(failed).toBe(1);
  expect(printed).toMatch(/^✗ loud [\s\S]*first\nsecond/);
});

test('a program that is not there is a failed step', async () => {
  const { failed, printed } = await run([{ name: 'ghost', command: ['no-such-program'] }]);
  expect(failed).toBe(1);
  expect(printed).toContain('unable to run no-such-program');
});

test('a step waits for the one it names and is not run when that one failed', async () => {
  const { failed, printed } = await run(
    [
      { name: 'second', after: 'first', command: node('') },
      { name: 'first', command: node('') },
      { name: 'orphan', after: 'broken', command: node('') },
      { name: 'broken', command: node('process.exit(1)') },
    ],
    4,
  );
  expect(failed).toBe(2);
  expect(printed.indexOf('✓ first')).toBeLessThan(printed.indexOf('✓ second'));
  expect(printed).toContain('✗ orphan, not run: broken failed');
});
