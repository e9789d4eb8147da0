import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let folder;
let parent;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-run-'));
});

afterEach(async () => {
  parent?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Starts a process that runs `script` by runChild, and gives it with the lines it prints as they come. */
async function start(script) {
  const child = join(folder, 'child.mjs');
  await writeFile(child, script);
  const program = `
    import { runChild } from ${JSON.stringify(new URL('run-child.mjs', import.meta.url).href)};
    process.exitCode = await runChild(process.execPath, [${JSON.stringify(child)}]);
    console.log('parent done');`;
  const { npm_lifecycle_event: _, ...env } = process.env;
  parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  createInterface(parent.stdout).on('line', (line) => lines.push(line));
  return { parent, lines, exit: once(parent, 'exit') };
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the child's exit code is handed on", async () => {
  const { exit, lines } = await start('process.exitCode = 7;');
  expect(await exit).toEqual([7, null]);
  expect(lines).toEqual(['parent done']);
});

test('a signal reaches the child once, even when it comes twice at once, and the child ends in its own time', async () => {
  const {
    parent: runner,
    lines,
    exit,
  } = await start(`
    let seen = 0;
    process.on('SIGINT', () => { seen += 1; process.stdin.resume(); setImmediate(() => {
      console.log('interrupted ' + seen); clearInterval(life); process.exitCode = 4; process.stdin.pause(); }); });
    const life = setInterval(() => {}, 1000);
    console.log('ready');`);
  await vi.waitFor(() => expect(lines).toContain('ready'));
  runner.kill('SIGINT');
  runner.kill('SIGINT');
  expect(await exit).toEqual([4, null]);
  expect(lines).toEqual(['ready', 'interrupted 1', 'parent done']);
});

test('a child whose parent is killed ends too', async () => {
  const { parent: runner, lines, exit } = await start('console.log(process.pid); setInterval(() => {}, 1000);');
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  const pid = Number(lines[0]);
  expect(isAlive(pid)).toBe(true);
  runner.kill('SIGKILL');
  await exit;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

test.each(['start', 'test'])('npm hands its signal to a shell, which is `npm %s` itself', async (name) => {
  const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const child = join(folder, 'child.mjs');
  await writeFile(
    child,
    "process.on('SIGINT', () => process.exit(4)); console.log('ready'); setInterval(() => {}, 1000);",
  );
  parent = spawn('sh', ['-c', scripts[name].replace(`scripts/${name}.mjs`, child)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(parent, 'exit');
  await once(parent.stdout, 'data');
  parent.kill('SIGINT');
  expect(await exit).toEqual([4, null]);
});
