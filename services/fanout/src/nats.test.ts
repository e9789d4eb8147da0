import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Bus, connectNatsBus, silentLogger } from '@parley/service-kit';
import { requireTool, startNats } from '@parley/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { created } from '../test/events.ts';
import { FakeApi, tokenOf } from '../test/fake-api.ts';
import { RawClient } from '../test/raw-client.ts';
import { watchChannel } from '../test/world.ts';
import { createFanout, createFanoutServer } from './index.ts';

const nats = requireTool('nats-server');
const general = 'messaging:general';

async function startNode(bus: Bus, nodeId: string) {
  const fanout = createFanout({ bus, logger: silentLogger(), nodeId });
  const server = createFanoutServer(fanout);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await fanout.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `ws://127.0.0.1:${port}/graphql`;
}

describe.skipIf(nats.missing)(nats.label('two nodes over NATS'), () => {
  test('see the same log, and what was sent while NATS was down comes when it is back', {
    timeout: 60_000,
  }, async () => {
    const server = await startNats();
    onTestFinished(() => server.stop());
    const connect = async (name: string) => {
      const bus = await connectNatsBus({ servers: server.url, name, logger: silentLogger() });
      onTestFinished(() => bus.close());
      return bus;
    };
    const api = new FakeApi(await connect('api'));
    const urls = await Promise.all(['one', 'two'].map(async (name) => startNode(await connect(name), name)));
    const clients = await Promise.all(
      urls.map((url, index) => new RawClient(url).init(tokenOf({ userId: `user-${index}` }))),
    );
    onTestFinished(() => {
      for (const client of clients) client.vanish();
    });
    for (const client of clients) {
      client.subscribe('1', watchChannel, { channelId: general });
      await client.synced('1');
    }
    const channel = api.channel(general);
    channel.append(created(general, 'one'), created(general, 'two'));
    for (const client of clients) await expect.poll(() => client.seqs('1')).toEqual([1, 2]);

    await server.kill();
    channel.append(created(general, 'while it was down'));
    await server.restart();
    for (const client of clients) await expect.poll(() => client.seqs('1'), { timeout: 30_000 }).toEqual([1, 2, 3]);
    for (const client of clients) expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});
