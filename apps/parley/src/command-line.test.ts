import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runParley } from './command-line.ts';

async function run(...args: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await runParley(args, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

test.each([[[]], [['--help']], [['-h']]])('%j prints what there is', async (args) => {
  const { code, stdout, stderr } = await run(...args);
  expect(code).toBe(0);
  expect(stdout).toContain('dev');
  expect(stderr).toBe('');
});

test('--version prints the version alone', async () => {
  expect(await run('--version')).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
});

test('dev --help lists every option', async () => {
  const { code, stdout } = await run('dev', '--help');
  expect(code).toBe(0);
  for (const option of ['--port', '--data-dir', '--reset', '--no-demo', '--json']) expect(stdout).toContain(option);
});

test.each([
  [['dve'], 'there is no command dve'],
  [['--verbose'], 'there is no option --verbose'],
  [['dev', '--verbose'], "unknown option '--verbose'"],
  [['backup'], 'it has no file: write parley backup'],
  [['restore', 'a', 'b'], 'b is too much'],
  [['restore', '--force', 'a'], "unknown option '--force'"],
  [['create-app'], 'it has no name: add --name'],
  [['create-app', '--name', 'x', '--environment', 'moon'], '--environment moon is none of'],
  [['create-app', '--nmae', 'x'], "unknown option '--nmae'"],
  [['key'], 'nothing is none of create, list, revoke, reencrypt'],
  [['key', 'delete'], 'delete is none of create'],
  [['key', 'list'], 'it is not said of which app: add --app'],
  [['key', 'revoke', '--app', 'app_1'], 'none is named: add its id'],
  [['key', 'list', 'key_1', '--app', 'app_1'], 'key_1 is too much'],
  [['key', 'revoke', 'key_1', 'key_2', '--app', 'app_1'], 'key_2 is too much'],
  [['key', 'create', '--lable', 'x'], "unknown option '--lable'"],
  [['app'], 'nothing is none of list, origins'],
  [['app', 'origins'], 'it is not said of which app: add --app'],
  [['app', 'origins', '--app', 'app_1', '--any', 'https://a.example'], '--any allows all'],
])('%j gets one sentence on stderr and exit code 1', async (args, reason) => {
  const { code, stdout, stderr } = await run(...args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(reason);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
