import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { LimitName } from '@parley/contracts';
import { type Clock, createMemoryBus, silentLogger } from '@parley/service-kit';
import { createFaultyBus, type FaultyBus } from '@parley/testkit';
import { onTestFinished } from 'vitest';
import { createFanout, createFanoutServer, type Fanout } from '../src/index.ts';
import { type Claims, FakeApi, tokenOf } from './fake-api.ts';
import { RawClient } from './raw-client.ts';

export interface World {
  readonly api: FakeApi;
  readonly bus: FaultyBus;
  readonly fanout: Fanout;
  readonly url: string;
  readonly httpUrl: string;
  /** A socket that has said nothing yet. */
  raw(protocols?: string | string[]): RawClient;
  /** A socket whose session is open. */
  connect(userId: string, claims?: Partial<Claims>): Promise<RawClient>;
}

/** A fan-out node with real sockets, and a fake API behind a bus in memory; gone when the test ends. */
export async function startWorld(
  options: { readonly clock?: Clock; readonly limits?: { readonly [Name in LimitName]?: number } } = {},
): Promise<World> {
  const bus = createFaultyBus(createMemoryBus());
  const api = new FakeApi(bus, options.clock?.now);
  const fanout = createFanout({ bus, logger: silentLogger(), nodeId: 'node-1', ...options });
  const server = createFanoutServer(fanout);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clients: RawClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.vanish();
    await fanout.close();
    server.closeAllConnections();
    server.close();
    await api.close();
    await bus.close();
  });
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}/graphql`;
  const raw: World['raw'] = (protocols) => {
    const client = new RawClient(url, protocols);
    clients.push(client);
    return client;
  };
  return {
    api,
    bus,
    fanout,
    url,
    httpUrl: `http://127.0.0.1:${port}/graphql`,
    raw,
    connect: (userId, claims = {}) => raw().init(tokenOf({ userId, ...claims })),
  };
}

export const watchChannel = `subscription Watch($channelId: ID!, $after: Seq, $epoch: String) {
  channelEvents(channelId: $channelId, after: $after, epoch: $epoch) {
    __typename channelId at
    ... on LoggedEvent { seq actor { id } }
    ... on MessageCreated { message { id text } }
    ... on ChannelSynced { seq epoch reads { userId readSeq } }
    ... on ChannelReset { seq epoch }
    ... on ReadAdvanced { userId readSeq }
    ... on TypingChanged { user { id } typing }
  }
}`;
