import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DevPlatform } from '@parley/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlatform } from './platform.ts';
import { eventually } from './two-people-chat.ts';

const example = (file: string): string => fileURLToPath(new URL(`../examples/${file}`, import.meta.url));

let platform: DevPlatform;
beforeAll(async () => {
  platform = await startPlatform({ demo: true });
});
afterAll(() => platform?.close());

test('01-hello-js connects, sends, and receives what it sent and what grace answers', async () => {
  const hello = spawn(process.execPath, ['--conditions=@parley/source', example('01-hello-js/hello.ts')], {
    env: { ...process.env, PARLEY_URL: platform.graphqlUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(hello, 'exit');
  let output = '';
  hello.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await eventually(() => {
    expect(output).toContain('Ada Lovelace: Hello from Node!');
    expect(output).toContain('Grace Hopper: Hi Ada!');
  });
  hello.kill('SIGINT');
  await ended;
});

/** Lines of code, without those that are empty or a comment. */
async function linesOf(file: string): Promise<string[]> {
  const code = await readFile(example(file), 'utf8');
  return code.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('//'));
}

test.each([
  ['01-hello-js/hello.ts', 10],
  ['02-react-messenger/src/main.tsx', 15],
])('what a reader of %s copies is at most %i lines', async (file, most) => {
  expect((await linesOf(file)).length).toBeLessThanOrEqual(most);
});
