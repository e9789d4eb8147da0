import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { openAdministration } from '@parley/api/administration';
import { resumeLink } from '@parley/graphql-links/apollo';
import { resumable, retryOptions } from '@parley/graphql-links/graphql-ws';
import { resumeExchange } from '@parley/graphql-links/urql';
import { silentLogger } from '@parley/service-kit';
import { startTcpProxy, type TcpProxy } from '@parley/testkit';
import { fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { createClient, type Client as WsClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from './two-people-chat.ts';
import { type App, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A subscription as somebody writes it who knows nothing of positions. */
const watching = `subscription Watch($channelId: ID!) {
  channelEvents(channelId: $channelId) { __typename ... on MessageCreated { message { id text } } }
}`;
/** From the beginning of the log, as a literal. */
const reading = watching.replace('$channelId)', '$channelId, after: 0)');
const inbox = 'subscription { inbox { __typename ... on ChannelBumped { channelId unreadCount } } }';

interface Subscription {
  readonly socket: WsClient;
  /** Where there are event streams. */
  readonly url: string;
  readonly token: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly next: (data: unknown) => void;
}

/** Each client with the link of its own. */
const clients: Readonly<Record<string, (subscription: Subscription) => void>> = {
  'graphql-ws, subscribe': ({ socket, query, variables, next }) => {
    const client = resumable(socket);
    ends.push(client.subscribe({ query, variables }, { next: ({ data }) => next(data), error: next, complete() {} }));
  },

  'graphql-ws, iterate': ({ socket, query, variables, next }) => {
    const results = resumable(socket).iterate({ query, variables });
    const reading = (async () => {
      for await (const { data } of results) next(data);
    })();
    ends.push(() => reading);
    ends.push(() => results.return?.());
  },

  Apollo: ({ socket, query, variables, next }) => {
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: resumeLink().concat(new GraphQLWsLink(socket)),
    });
    const subscription = client
      .subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' })
      .subscribe(({ data, error }) => next(data ?? error));
    ends.push(() => client.stop());
    ends.push(() => subscription.unsubscribe());
  },

  urql: ({ socket, query, variables, next }) => {
    const client = new UrqlClient({
      url: 'http://127.0.0.1:1/graphql',
      preferGetMethod: false,
      exchanges: [
        resumeExchange,
        subscriptionExchange({
          forwardSubscription: ({ query: text = '', variables: own }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query: text, variables: own ?? {} },
                {
                  next: ({ data = null, errors = [] }) => sink.next(errors.length > 0 ? { data, errors } : { data }),
                  error: (error) => sink.error(error),
                  complete: () => sink.complete(),
                },
              ),
            }),
          }),
        }),
      ],
    });
    const subscription = client.subscription(query, variables).subscribe(({ data, error }) => next(data ?? error));
    ends.push(() => subscription.unsubscribe());
  },

  'urql, event streams': ({ url, token, query, variables, next }) => {
    const client = new UrqlClient({
      url,
      preferGetMethod: false,
      fetchSubscriptions: true,
      fetchOptions: { headers: { authorization: `Bearer ${token}` } },
      exchanges: [resumeExchange, fetchExchange],
    });
    const subscription = client.subscription(query, variables).subscribe(({ data, error }) => next(data ?? error));
    ends.push(() => subscription.unsubscribe());
  },
};

interface Reader {
  readonly network: TcpProxy;
  /** Texts of messages, and the other events by their name. */
  seen(): string[];
  texts(): string[];
}

async function read(app: App, name: string, query: string, variables: Record<string, unknown>): Promise<Reader> {
  const fanout = new URL(world.fanoutUrls[0] ?? '');
  const network = await startTcpProxy({ target: { host: fanout.hostname, port: Number(fanout.port) } });
  ends.push(() => network.close());
  const socket = createClient({
    url: network.url('ws', '/graphql'),
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ token: await app.token('bob') }),
    ...retryOptions,
  });
  ends.push(() => socket.dispose());
  const seen: string[] = [];
  const start = clients[name];
  start?.({
    socket,
    url: network.url('http', '/graphql'),
    token: await app.token('bob'),
    query,
    variables,
    next: (data) => seen.push(inShort(data)),
  });
  return {
    network,
    seen: () => seen,
    texts: () => seen.filter((entry) => entry.startsWith('"')).map((entry) => entry.slice(1)),
  };
}

function inShort(data: unknown): string {
  const answer = data as {
    channelEvents?: { __typename: string; message?: { text: string } };
    inbox?: { __typename: string; unreadCount?: number };
  } | null;
  const event = answer?.channelEvents ?? answer?.inbox;
  if (event === undefined) return `failed: ${JSON.stringify(data)}`;
  if ('message' in event && event.message !== undefined) return `"${event.message.text}`;
  return 'unreadCount' in event ? `${event.__typename} ${event.unreadCount}` : event.__typename;
}

const say = async (app: App, channelId: string, ...texts: string[]) => {
  for (const text of texts) await app.server.sendMessage('ada', { channelId, text });
};

for (const name of Object.keys(clients)) {
  test(`${name}: what was sent while the connection was broken arrives, in order`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    const bob = await read(app, name, watching, { channelId });
    await eventually(() => expect(bob.seen()).toContain('ChannelSynced'));
    await bob.network.refuse();
    await say(app, channelId, 'one', 'two');
    await bob.network.heal();
    await eventually(() => expect(bob.texts()).toEqual(['one', 'two']));
    bob.network.cut();
    await say(app, channelId, 'three');
    await eventually(() => expect(bob.texts()).toEqual(['one', 'two', 'three']));
  });

  test(`${name}: nothing comes twice to who reads from the beginning`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    await say(app, channelId, 'one', 'two');
    const bob = await read(app, name, reading, { channelId });
    await eventually(() => expect(bob.texts()).toEqual(['one', 'two']));
    bob.network.cut();
    await say(app, channelId, 'three');
    await eventually(() => expect(bob.texts()).toContain('three'));
    expect(bob.texts()).toEqual(['one', 'two', 'three']);
  });

  test(`${name}: an inbox is told what changed while it was away`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    const bob = await read(app, name, inbox, {});
    await eventually(() => expect(bob.seen()).toContain('InboxSynced'));
    await say(app, channelId, 'one');
    await eventually(() => expect(bob.seen()).toContain('ChannelBumped 1'));
    const elsewhere = await read(app, name, inbox, {});
    await bob.network.refuse();
    await say(app, channelId, 'two', 'three');
    await eventually(() => expect(elsewhere.seen()).toContain('ChannelBumped 3'));
    await bob.network.heal();
    const synced = () => bob.seen().filter((entry) => entry === 'InboxSynced').length;
    await eventually(() => expect(synced()).toBe(2));
    // Before it is live again; later the server would find out by itself what it did not send.
    expect(bob.seen().slice(0, bob.seen().lastIndexOf('InboxSynced'))).toContain('ChannelBumped 3');
  });

  test(`${name}: a log that was set back meanwhile comes as ChannelReset, and goes on`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    const bob = await read(app, name, watching, { channelId });
    await eventually(() => expect(bob.seen()).toContain('ChannelSynced'));
    await bob.network.refuse();
    await beginEpoch();
    await bob.network.heal();
    await eventually(() => expect(bob.seen()).toContain('ChannelReset'));
    await say(app, channelId, 'after the reset');
    await eventually(() => expect(bob.texts()).toEqual(['after the reset']));
  });
}

async function beginEpoch(): Promise<void> {
  const administration = await openAdministration({
    databaseUrl: world.databaseUrl,
    logger: silentLogger(),
    testMode: true,
  });
  await administration.beginEpoch();
  await administration.close();
}
