import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cluster, startCluster } from '@parley/cli/cluster';
import { busPermissions, type Principal, reservedChannel, subjects } from '@parley/contracts/bus';
import { type Bus, callRpc, connectNatsBus, silentLogger } from '@parley/service-kit';
import { requireTool, startNats } from '@parley/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from './platform.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function connect(url: string, user?: string, password?: string): Promise<Bus> {
  const address = new URL(url);
  if (user !== undefined) Object.assign(address, { username: user, password });
  const bus = await connectNatsBus({ servers: address.href, name: 'test', logger: silentLogger() });
  cleanups.push(() => bus.close());
  return bus;
}

/** What one hears of what the other says, once the other's later word has come through. */
async function carries(from: Bus, to: Bus, subject: string): Promise<boolean> {
  const heard: string[] = [];
  const subscription = to.subscribe(subject, (payload) => heard.push(payload));
  await subscription.ready;
  await from.publish(subject, 'one');
  // Both have been to the server and back after it.
  for (const bus of [from, to]) await bus.subscribe(subjects.heartbeats(), () => undefined).ready;
  subscription.unsubscribe();
  return heard.length > 0;
}

async function expectAccess(url: string, passwords: { readonly api: string; readonly fanout: string }): Promise<void> {
  for (const bus of [await connect(url), await connect(url, 'api', passwords.fanout), await connect(url, 'api', '')])
    expect(bus.connected).toBe(false);
  const [api, fanout, other] = [
    await connect(url, 'api', passwords.api),
    await connect(url, 'fanout', passwords.fanout),
    await connect(url, 'fanout', passwords.fanout),
  ];
  expect([api.connected, fanout.connected]).toEqual([true, true]);
  const event = subjects.channel('app', 'messaging:room');
  const probes = subjects.channel(reservedChannel.appId, reservedChannel.channelId);
  expect(await carries(api, fanout, event)).toBe(true);
  expect(await carries(fanout, other, probes)).toBe(true);
  // A fan-out node cannot publish events to the others, nor cut anybody off.
  for (const subject of [event, subjects.user('app', 'ada'), subjects.app('app')])
    expect([subject, await carries(fanout, other, subject)]).toEqual([subject, false]);
  // And nobody else hears what is asked of the API.
  expect(await carries(fanout, other, subjects.rpc('session.open'))).toBe(false);
}

const nats = requireTool('nats-server');

describe.skipIf(nats.missing)(nats.label('who reaches NATS'), () => {
  test('of parley cluster gets in with the password of a service alone, and then acts as nobody', async () => {
    const folder = await temporaryFolder();
    cleanups.push(folder.remove);
    const start = async (servers: 1 | 3): Promise<Cluster> => {
      const cluster = await startCluster({
        api: 1,
        fanout: 1,
        nats: servers,
        dataDir: folder.path,
        logger: silentLogger(),
      });
      cleanups.push(cluster.close);
      return cluster;
    };
    const file = join(folder.path, 'bus-passwords.json');
    const cluster = await start(3);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder.path, 'nats'))).mode & 0o777).toBe(0o700);
    const passwords = JSON.parse(await readFile(file, 'utf8')) as { api: string; fanout: string };
    for (const url of cluster.natsUrls) await expectAccess(url, passwords);

    const [url = ''] = cluster.natsUrls;
    const fanout = await connect(url, 'fanout', passwords.fanout);
    const principal: Principal = {
      ...{ appId: cluster.app.appId, keyId: cluster.app.apiKey, scope: 'server', userId: null },
      ...{ issuedAt: 0, expiresAt: 4_000_000_000 },
    };
    const operation = { query: '{ users { nodes { id } } }' };
    const answer = await callRpc(
      fanout,
      'graphql.execute',
      { principal, operation, requestId: 'r' },
      { timeoutMs: 5_000 },
    );
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'unauthenticated' } }] });
    await cluster.close();

    // They stay from start to start, and what a crash left half-written is made anew.
    await (await start(1)).close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(passwords);
    await writeFile(file, '{"api":"ha');
    await expectAccess(
      (await start(1)).natsUrls[0] ?? '',
      JSON.parse(await readFile(file, 'utf8')) as typeof passwords,
    );
  });

  test('of compose.yaml is under the same rules', async () => {
    const path = fileURLToPath(new URL('../docker/nats.conf', import.meta.url));
    const server = await startNats({
      args: ['--config', path],
      env: { NATS_API_PASSWORD: 'one', NATS_FANOUT_PASSWORD: 'two' },
    });
    cleanups.push(server.stop);
    await expectAccess(server.url, { api: 'one', fanout: 'two' });
    const text = await readFile(path, 'utf8');
    for (const permissions of Object.values(busPermissions))
      for (const list of [permissions.publish, permissions.subscribe].flatMap(({ allow, deny = [] }) => [
        ...allow,
        ...deny,
      ]))
        expect(text).toContain(`"${list}"`);
    expect(text.match(/"/g)).toHaveLength(
      2 *
        Object.values(busPermissions).flatMap(({ publish, subscribe }) =>
          [publish, subscribe].flatMap(({ allow, deny = [] }) => [...allow, ...deny]),
        ).length,
    );
  });
});
