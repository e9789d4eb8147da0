import { once } from 'node:events';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ParleyProcess, processesOn, runParley } from './parley-process.ts';
import { makeChannel, post, temporaryFolder } from './platform.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const running: ParleyProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const parley of running.splice(0)) {
    parley.signal('SIGKILL');
    await parley.exited;
  }
  await expect.poll(() => processesOn(folder.path)).toEqual([]);
  await folder.remove();
});

function start(...args: readonly string[]): ParleyProcess {
  const parley = runParley(['dev', '--port', '0', '--data-dir', join(folder.path, 'data'), ...args]);
  running.push(parley);
  return parley;
}

const me = '{ me { id name } app { id } }';
const send = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id seq } }';

test('--json prints one line on stdout, and what is in it works', async () => {
  const parley = start('--json', '--no-demo');
  const line = await parley.ready();
  expect(Object.keys(line)).toEqual([
    'ready',
    'url',
    'graphqlUrl',
    'subscriptionsUrl',
    'demoUrl',
    'appId',
    'apiKey',
    'apiSecret',
    'tokens',
    'postgresUrl',
    'keyId',
    'secret',
  ]);
  for (const [userId, token] of Object.entries(line.tokens)) {
    expect(await post(line.graphqlUrl, token, me)).toMatchObject({
      data: { me: { id: userId }, app: { id: line.appId } },
    });
  }
  const { data } = await post(line.graphqlUrl, line.tokens.ada, '{ channels { nodes { id } } }');
  expect(data).toEqual({ channels: { nodes: [] } });
  expect((await fetch(`${line.url}/readyz`)).status).toBe(200);
  expect((await fetch(`${line.url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${line.url}/metrics`)).text()).toContain('# TYPE');

  parley.signal('SIGINT');
  expect(await parley.exited).toBe(0);
  expect(parley.stdout().trimEnd().split('\n')).toHaveLength(1);
  expect(parley.stderr()).toBe('');
});

test('without --json it names the address to open first, then those for programs', async () => {
  const parley = start('--no-demo');
  await expect.poll(() => parley.stdout(), { timeout: 60_000 }).toMatch(/Open[\s\S]*\/graphql/);
  const [open, ...others] = parley.stdout().match(/http:\/\/\S+/g) ?? [];
  expect(open).not.toContain('/graphql');
  expect(others.filter((address) => address.endsWith('/graphql'))).toHaveLength(1);
});

test('the seeded conversation is there, and grace answers in it', async () => {
  const parley = start('--json');
  const { graphqlUrl, tokens } = await parley.ready();
  const channelId = 'messaging:welcome';
  await post(graphqlUrl, tokens.ada, send, { input: { channelId, text: 'hello grace' } });
  const newest =
    '{ channel(id: "messaging:welcome") { messages(last: 2) { nodes { user { id } text reactionGroups { type } } } } }';
  await expect
    .poll(() => post(graphqlUrl, tokens.ada, newest), { timeout: 60_000 })
    .toMatchObject({
      data: {
        channel: {
          messages: { nodes: [{ user: { id: 'ada' }, reactionGroups: [{ type: '👋' }] }, { user: { id: 'grace' } }] },
        },
      },
    });
  const presence = await post(graphqlUrl, tokens.ada, '{ user(id: "grace") { online } }');
  expect(presence).toMatchObject({ data: { user: { online: true } } });
});

test('Ctrl-C leaves no process, and the next start has the same app and the same messages', async () => {
  const first = start('--json', '--no-demo');
  const before = await first.ready();
  await makeChannel(before, 'kept', ['ada']);
  await post(before.graphqlUrl, before.tokens.ada, send, {
    input: { channelId: 'messaging:kept', text: 'still here' },
  });
  expect(await processesOn(folder.path)).not.toEqual([]);
  first.signal('SIGINT');
  expect(await first.exited).toBe(0);
  expect(await processesOn(folder.path)).toEqual([]);

  const after = await start('--json', '--no-demo').ready();
  expect([after.appId, after.apiKey, after.apiSecret]).toEqual([before.appId, before.apiKey, before.apiSecret]);
  // A token of the first start is good in the second.
  const kept = '{ channel(id: "messaging:kept") { messages { nodes { text } } } }';
  expect(await post(after.graphqlUrl, before.tokens.ada, kept)).toMatchObject({
    data: { channel: { messages: { nodes: [{ text: 'still here' }] } } },
  });
});

test('after kill -9 the next start recovers what was acknowledged', async () => {
  const first = start('--json', '--no-demo');
  const before = await first.ready();
  await makeChannel(before, 'kept', ['ada']);
  const sent = await post(before.graphqlUrl, before.tokens.ada, send, {
    input: { channelId: 'messaging:kept', text: 'acknowledged' },
  });
  expect(sent).toMatchObject({ data: { sendMessage: { id: expect.any(String) } } });
  first.signal('SIGKILL');
  await first.exited;

  const after = await start('--json', '--no-demo').ready();
  const kept = '{ channel(id: "messaging:kept") { messages { nodes { text } } } }';
  expect(await post(after.graphqlUrl, after.tokens.ada, kept)).toMatchObject({
    data: { channel: { messages: { nodes: [{ text: 'acknowledged' }] } } },
  });
});

test('after kill -9 of its database it answers again within seconds, without a restart', async () => {
  const parley = start('--json', '--no-demo');
  const line = await parley.ready();
  const { graphqlUrl, tokens } = line;
  await makeChannel(line, 'kept', ['ada']);
  const pidFile = join(folder.path, 'data', 'postgres', 'postmaster.pid');
  const databasePid = async () => Number.parseInt(await readFile(pidFile, 'utf8'), 10);
  const killed = await databasePid();
  process.kill(killed, 'SIGKILL');
  await expect.poll(() => databasePid().catch(() => killed)).not.toBe(killed);
  const say = (text: string) => post(graphqlUrl, tokens.ada, send, { input: { channelId: 'messaging:kept', text } });
  await expect.poll(() => say('back again')).toMatchObject({ data: { sendMessage: { id: expect.any(String) } } });

  parley.signal('SIGINT');
  expect(await parley.exited).toBe(0);
  expect(await processesOn(folder.path)).toEqual([]);
});

test('killed in the middle of its first start, it begins again as if nothing had been', async () => {
  const first = start('--json');
  await expect.poll(() => processesOn(join(folder.path, 'data', 'postgres'))).not.toEqual([]);
  first.signal('SIGKILL');
  await first.exited;
  const { graphqlUrl, tokens } = await start('--json').ready();
  const count = '{ channels { nodes { id messages(last: 100) { nodes { seq } } } } }';
  const seqs = (...all: number[]) => ({ nodes: all.map((seq) => ({ seq })) });
  expect(await post(graphqlUrl, tokens.ada, count)).toEqual({
    data: {
      channels: {
        nodes: [
          { id: 'messaging:welcome', messages: seqs(2, 3, 4, 5, 6) },
          { id: 'messaging:museum', messages: seqs(2, 3, 4) },
        ],
      },
    },
  });
});

test('--reset begins with empty data and a new app', async () => {
  const first = start('--json', '--no-demo');
  const before = await first.ready();
  await makeChannel(before, 'gone', ['ada']);
  first.signal('SIGTERM');
  expect(await first.exited).toBe(0);
  const after = await start('--json', '--no-demo', '--reset').ready();
  expect(after.appId).not.toBe(before.appId);
  expect(await post(after.graphqlUrl, after.tokens.ada, '{ channels { nodes { id } } }')).toMatchObject({
    data: { channels: { nodes: [] } },
  });
});

test('GET /dev/token makes anybody on this machine any user', async () => {
  const { url, graphqlUrl, appId, apiKey } = await start('--json', '--no-demo').ready();
  const response = await fetch(`${url}/dev/token?user=lin`);
  const answer: unknown = await response.json();
  expect(answer).toEqual({ token: expect.any(String), userId: 'lin', appId, apiKey });
  const { token } = answer as { token: string };
  expect(await post(graphqlUrl, token, me)).toMatchObject({ data: { me: { id: 'lin' } } });
  expect((await fetch(`${url}/dev/token?user=a%20b`)).status).toBe(400);
});

/** It must end by itself, with one sentence that holds what to do. */
async function refusal(parley: ParleyProcess): Promise<string> {
  expect(await parley.exited).toBe(1);
  expect(parley.stdout()).toBe('');
  const sentence = parley.stderr().trimEnd();
  expect(sentence).not.toContain('\n');
  return sentence;
}

test('a taken port: one sentence, exit code 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const parley = runParley(['dev', '--json', '--data-dir', join(folder.path, 'data'), '--port', port]);
  running.push(parley);
  expect(await refusal(parley)).toMatch(
    new RegExp(`unable to listen on port ${port}; .*choose another with --port \\d+`),
  );
  taken.close();
});

test('a data directory that a live server has: one sentence, exit code 1, and the first goes on', async () => {
  const first = start('--json', '--no-demo');
  const { graphqlUrl, tokens } = await first.ready();
  expect(await refusal(start('--json', '--no-demo'))).toMatch(/in use|is using it.*(stop|choose)/);
  expect(await refusal(start('--json', '--no-demo', '--reset'))).toMatch(/in use|is using it.*(stop|choose)/);
  expect(await post(graphqlUrl, tokens.ada, me)).toMatchObject({ data: { me: { id: 'ada' } } });
});

test('a data directory that cannot be written: one sentence, exit code 1', async () => {
  await writeFile(join(folder.path, 'file'), '');
  const parley = runParley(['dev', '--json', '--port', '0', '--data-dir', join(folder.path, 'file', 'data')]);
  running.push(parley);
  expect(await refusal(parley)).toMatch(/unable to write to the data directory .*choose another with --data-dir/);
});

test('a password file that was changed: one sentence, exit code 1, and the cure in it helps', async () => {
  const first = start('--json', '--no-demo');
  await first.ready();
  first.signal('SIGINT');
  expect(await first.exited).toBe(0);
  const passwordFile = `${await realpath(join(folder.path, 'data', 'postgres'))}.password`;
  await writeFile(passwordFile, 'changed by hand');
  expect(await refusal(start('--json', '--no-demo'))).toMatch(/the password in .*postgres\.password is not .*: delete/);
  await rm(passwordFile);
  await start('--json', '--no-demo').ready();
});

test('--reset of a folder that is not ours: one sentence, exit code 1, and nothing is deleted', async () => {
  await mkdir(join(folder.path, 'data', 'postgres'), { recursive: true });
  expect(await refusal(start('--json', '--reset'))).toMatch(/unable to reset .*parley did not make this folder/);
});

test.each([
  [['--prot', '4100'], '--prot'],
  [['--port', 'ninety'], '--port'],
])('%j: one sentence, exit code 1', async (args, named) => {
  const parley = runParley(['dev', ...args]);
  running.push(parley);
  expect(await refusal(parley)).toContain(named);
});
