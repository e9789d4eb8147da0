import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ClusterLine } from '@parley/cli/cluster';
import { createClient } from '@parley/sdk-js';
import { requireTool } from '@parley/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ParleyProcess, processesOn, type ReadyLine, runParley } from './parley-process.ts';
import { makeChannel, post, temporaryFolder } from './platform.ts';
import { eventually, open, textsOf } from './two-people-chat.ts';

/** What `parley cluster --json` prints. */
type ClusterReady = ReadyLine & ClusterLine;

const nats = requireTool('nats-server');
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const running: ParleyProcess<ClusterReady>[] = [];

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

function start(...args: readonly string[]): ParleyProcess<ClusterReady> {
  const place = ['--port', '0', '--data-dir', join(folder.path, 'data')];
  const parley = runParley<ClusterReady>(['cluster', '--json', ...place, ...args]);
  running.push(parley);
  return parley;
}

const everyPid = ({ pids }: ClusterReady): number[] => [
  pids.supervisor,
  pids.postgres,
  ...pids.nats,
  ...pids.api,
  ...pids.fanout,
];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const checksOf = async ({ url }: ReadyLine): Promise<unknown> => {
  const answer: unknown = await (await fetch(`${url}/readyz`)).json();
  return answer;
};

describe.skipIf(nats.missing)(nats.label('parley cluster'), () => {
  test('two people chat through one address while nodes are killed, and Ctrl-C leaves no process', async () => {
    const parley = start('--no-demo', '--nats', '3');
    const line = await parley.ready();
    expect(line).toMatchObject({
      appId: expect.any(String),
      apiKey: expect.any(String),
      tokens: { ada: expect.any(String) },
    });
    const { graphqlUrl, subscriptionsUrl, tokens, pids } = line;
    const counts = [line.apiUrls, line.fanoutUrls, line.natsUrls, pids.api, pids.fanout, pids.nats];
    expect(counts.map(({ length }) => length)).toEqual([2, 2, 3, 2, 2, 3]);
    expect(everyPid(line).filter(isAlive)).toEqual(everyPid(line));
    const [firstApi = 0, firstFanout = 0] = [pids.api[0], pids.fanout[0]];

    expect(await makeChannel(line, 'nodes', ['ada', 'bob'])).toMatchObject({ id: 'messaging:nodes' });
    const person = (token: string) => createClient({ url: graphqlUrl, subscriptionsUrl, token });
    const [ada, bob] = [person(tokens.ada), person(tokens.bob)];
    const [adas, bobs] = [await open(ada, 'messaging:nodes'), await open(bob, 'messaging:nodes')];
    // Taken in turn, they are on different nodes.
    const sockets = async (url: string) =>
      /^parley_fanout_sockets\S* (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    const [atFirst, atSecond] = await Promise.all(line.fanoutUrls.map(sockets));
    expect(atFirst).toBe(atSecond);

    await adas.send('one');
    await bobs.send('two');
    process.kill(firstFanout, 'SIGKILL');
    await adas.send('three');
    process.kill(firstApi, 'SIGKILL');
    await bobs.send('four');
    for (const channel of [adas, bobs]) {
      await eventually(() => expect(textsOf(channel)).toEqual(['one', 'two', 'three', 'four']));
    }
    // They come back by themselves, on the same addresses.
    const all = ['api-0', 'api-1', 'fanout-0', 'fanout-1'].map((name) => [name, 'ok']);
    await expect.poll(() => checksOf(line)).toEqual({ ok: true, checks: Object.fromEntries(all) });
    ada.disconnect();
    bob.disconnect();

    parley.signal('SIGINT');
    expect(await parley.exited).toBe(0);
    expect(everyPid(line).filter(isAlive)).toEqual([]);
    expect(await processesOn(folder.path)).toEqual([]);
    expect(parley.stdout().trimEnd().split('\n')).toHaveLength(1);
  });

  test('kill -9 of the supervisor leaves no process, and the next start has the same data', async () => {
    const first = start('--api', '1', '--fanout', '1');
    const before = await first.ready();
    first.signal('SIGKILL');
    await first.exited;
    await expect.poll(() => everyPid(before).filter(isAlive)).toEqual([]);
    const after = await start('--api', '1', '--fanout', '1').ready();
    expect([after.appId, after.apiSecret]).toEqual([before.appId, before.apiSecret]);
    const newest = '{ channel(id: "messaging:welcome") { messages(last: 1) { nodes { user { id } } } } }';
    expect(await post(after.graphqlUrl, before.tokens.ada, newest)).toMatchObject({
      data: { channel: { messages: { nodes: [{ user: { id: 'grace' } }] } } },
    });
    expect((await fetch(`${after.url}/dev/token?user=lin`)).status).toBe(200);
  });

  test('a cluster that cannot be started says why in one sentence, with exit code 1 and no process left', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await writeFile(join(folder.path, 'file'), '');
    for (const [args, reason] of [
      [['--port', port], `unable to listen on port ${port}`],
      [['--data-dir', join(folder.path, 'file', 'data')], 'unable to write to the data directory'],
    ] as const) {
      const parley = start(...args);
      expect(await parley.exited).toBe(1);
      expect(parley.stdout()).toBe('');
      expect(parley.stderr()).toContain(reason);
      expect(parley.stderr().trimEnd()).not.toContain('\n');
    }
    taken.close();
  });
});
