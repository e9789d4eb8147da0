import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createApi } from '@parley/api';
import { createFanout, createFanoutServer } from '@parley/fanout';
import { type Client, createClient } from '@parley/sdk-js';
import { createServerClient, type ServerClient } from '@parley/sdk-server';
import { type Bus, type Clock, createBus, silentLogger, systemClock } from '@parley/service-kit';
import { createDatabase, uniqueId } from '@parley/testkit';

/** How many nodes, and what connects them. */
export interface WorldOptions {
  readonly apiNodes?: number;
  readonly fanoutNodes?: number;
  /** Absent: one memory bus for all. */
  readonly natsUrl?: string;
  /** Absent: a fresh one on the run's Postgres. Dropped when the world closes. */
  readonly database?: { readonly url: string; drop(): Promise<void> };
  /** What stands between a node, named `api-0` or `fanout-1`, and its bus; absent: nothing. */
  readonly wrapBus?: (node: string, bus: Bus) => Bus;
  /** The time that a node, named as above, goes by; absent: that of this machine. */
  readonly clockOf?: (node: string) => Clock;
}

/** A platform on real ports, with a database of its own. */
export interface World {
  readonly databaseUrl: string;
  /** HTTP endpoints of the API nodes. */
  readonly apiUrls: readonly string[];
  /** HTTP endpoints of the fan-out nodes; the sockets are at the same place with `ws:`. */
  readonly fanoutUrls: readonly string[];
  /** The bus of each node; one for all without NATS. */
  readonly buses: readonly Bus[];
  /** A fresh tenant. */
  app(): Promise<App>;
  close(): Promise<void>;
}

/** One tenant and its people. */
export interface App {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
  readonly server: ServerClient;
  /** A client of one user, on the given node of each service. Disconnected when the world closes. */
  person(
    userId: string,
    place?: { readonly api?: number; readonly fanout?: number; readonly socketUrl?: string },
  ): Client;
  /** A channel with these members; gives its id. */
  channel(...memberIds: readonly string[]): Promise<string>;
  token(userId: string, expiresInSeconds?: number): Promise<string>;
}

interface Node {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the platform as production runs it, but for being in one process. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const {
    apiNodes = 1,
    fanoutNodes = 1,
    natsUrl,
    wrapBus = (_node, bus) => bus,
    clockOf = () => systemClock,
  } = options;
  const logger = silentLogger();
  const database = options.database ?? (await createDatabase());
  const buses: Bus[] = [];
  const busFor = async (name: string): Promise<Bus> => {
    const [shared] = buses;
    // Without a server between them, nodes meet on one bus in memory.
    if (natsUrl === undefined && shared !== undefined) return shared;
    const bus = await createBus({ natsUrl, name, logger });
    buses.push(bus);
    return bus;
  };
  const apis: (Node & { readonly api: Awaited<ReturnType<typeof createApi>> })[] = [];
  const fanouts: Node[] = [];
  for (let index = 0; index < apiNodes; index += 1) {
    const bus = wrapBus(`api-${index}`, await busFor(`api-${index}`));
    const api = await createApi({
      databaseUrl: database.url,
      bus,
      logger,
      clock: clockOf(`api-${index}`),
      testMode: true,
    });
    const { url, server } = await listen(createServer(api.handler));
    apis.push({ url, api, close: () => api.close().then(() => stop(server)) });
  }
  for (let index = 0; index < fanoutNodes; index += 1) {
    const bus = wrapBus(`fanout-${index}`, await busFor(`fanout-${index}`));
    const fanout = createFanout({ bus, logger, clock: clockOf(`fanout-${index}`) });
    const { url, server } = await listen(createFanoutServer(fanout));
    fanout.startCanary({ address: '127.0.0.1', port: Number(new URL(url).port) });
    fanouts.push({ url, close: () => fanout.close().then(() => stop(server)) });
  }
  const clients: Client[] = [];
  const at = (urls: readonly string[], index = 0): string => {
    const url = urls[index];
    if (url === undefined) throw new Error(`unable to use node ${index}; the world has ${urls.length}`);
    return url;
  };
  const apiUrls = apis.map(({ url }) => url);
  const fanoutUrls = fanouts.map(({ url }) => url);
  return {
    databaseUrl: database.url,
    apiUrls,
    fanoutUrls,
    buses,
    async app() {
      const [first] = apis;
      if (first === undefined) throw new Error('unable to make an app; the world has no API node');
      const { app, key } = await first.api.apps.create({ name: uniqueId('app') });
      const server = createServerClient({ url: first.url, keyId: key.keyId, secret: key.secret });
      const token = (userId: string, expiresInSeconds = 3_600) => server.mintUserToken(userId, { expiresInSeconds });
      return {
        appId: app.id,
        keyId: key.keyId,
        secret: key.secret,
        server,
        token,
        person(userId, place = {}) {
          const client = createClient({
            url: at(apiUrls, place.api),
            subscriptionsUrl: place.socketUrl ?? at(fanoutUrls, place.fanout).replace('http:', 'ws:'),
            userId,
            getToken: () => token(userId),
          });
          clients.push(client);
          return client;
        },
        async channel(...memberIds) {
          await server.upsertUsers(
            memberIds.map((id) => ({ id, name: `${id.charAt(0).toUpperCase()}${id.slice(1)}` })),
          );
          const channel = await server.createChannel({ type: 'messaging', key: uniqueId('talk'), memberIds });
          return channel.id;
        },
      };
    },
    async close() {
      for (const client of clients) client.disconnect();
      for (const node of [...fanouts, ...apis]) await node.close();
      for (const bus of buses) await bus.close();
      await database.drop();
    },
  };
}

async function listen(server: Server): Promise<{ url: string; server: Server }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('unable to listen; the server has no port');
  return { url: `http://127.0.0.1:${address.port}/graphql`, server };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
