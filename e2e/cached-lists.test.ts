import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { openAdministration } from '@parley/api/administration';
import { sdl } from '@parley/contracts/sdl';
import { resumeLink } from '@parley/graphql-links/apollo';
import { applyEvent, possibleTypes, typePolicies } from '@parley/graphql-links/apollo-cache';
import { keys, possibleTypes as possibleTypesOfUrql, updates } from '@parley/graphql-links/graphcache';
import { resumable, retryOptions } from '@parley/graphql-links/graphql-ws';
import { silentLogger } from '@parley/service-kit';
import { startTcpProxy, type TcpProxy } from '@parley/testkit';
import { fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { createClient, type Client as WsClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
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
  vi.restoreAllMocks();
});

const talkQuery = `query Talk($id: ID!) {
  unread { totalUnread unreadChannels }
  channel(id: $id) {
    id memberCount
    viewer { readSeq unreadCount unreadMentions }
    members { nodes { role user { id name } } }
    messages(last: 10) {
      nodes { id text seq parentId }
      edges { cursor node { id text } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
}`;
const eventsSubscription = `subscription Events($id: ID!) {
  channelEvents(channelId: $id) {
    __typename channelId
    ... on LoggedEvent { seq }
    ... on MessageCreated { message { id text seq parentId } }
    ... on MessageUpdated { message { id text } }
    ... on MessageDeleted { hard message { id text seq parentId } }
    ... on MembersAdded { memberCount members { role user { id name } } }
    ... on MembersRemoved { memberCount userIds }
  }
}`;
const inboxSubscription = `subscription {
  inbox {
    __typename
    ... on ChannelBumped { channelId unreadCount unreadMentions }
    ... on UnreadChanged { totalUnread unreadChannels }
  }
}`;

interface Talk {
  readonly unread: { readonly totalUnread: number };
  readonly channel: {
    readonly memberCount: number;
    readonly viewer: { readonly unreadCount: number };
    readonly members: { readonly nodes: readonly { readonly user: { readonly id: string } }[] };
    readonly messages: {
      readonly nodes: readonly { readonly text: string }[];
      readonly edges: readonly { readonly node: { readonly text: string } }[];
    };
  } | null;
}

interface Deps {
  readonly socket: WsClient;
  readonly token: string;
  readonly channelId: string;
  /** Hears of each query that goes to the server. */
  readonly fetch: typeof globalThis.fetch;
  readonly show: (talk: Talk) => void;
}

/** There graphcache warns of each field that an event of another type does not have. */
const withoutSchema = 'urql with graphcache';

const clients: Readonly<Record<string, (deps: Deps) => void>> = {
  Apollo({ socket, token, channelId, fetch, show }) {
    const cache = new InMemoryCache({ typePolicies, possibleTypes });
    const http = new HttpLink({ uri: world.apiUrls[0] ?? '', fetch, headers: { authorization: `Bearer ${token}` } });
    const live = resumeLink().concat(new GraphQLWsLink(socket));
    const client = new ApolloClient({
      cache,
      link: ApolloLink.split(({ operationType }) => operationType === 'subscription', live, http),
    });
    const watched = client.watchQuery<Talk>({ query: gql(talkQuery), variables: { id: channelId } });
    const events = client.subscribe<{ channelEvents: object }>({
      query: gql(eventsSubscription),
      variables: { id: channelId },
    });
    const inbox = client.subscribe<{ inbox: object }>({ query: gql(inboxSubscription) });
    const subscriptions = [
      watched.subscribe(({ data, dataState }) => dataState === 'complete' && show(data)),
      events.subscribe(({ data }) => data && applyEvent(cache, data.channelEvents)),
      inbox.subscribe(({ data }) => data && applyEvent(cache, data.inbox)),
    ];
    ends.push(() => client.stop());
    ends.push(() => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    });
  },

  [withoutSchema]: (deps) => showByUrql(deps, { possibleTypes: possibleTypesOfUrql }),

  'urql with graphcache that has the schema': (deps) =>
    showByUrql(deps, { schema: introspectionFromSchema(buildSchema(sdl)) }),
};

function showByUrql({ socket, token, channelId, fetch, show }: Deps, options: CacheExchangeOpts): void {
  const resumed = resumable(socket);
  const client = new UrqlClient({
    url: world.apiUrls[0] ?? '',
    preferGetMethod: false,
    fetch,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [
      cacheExchange({ keys, updates, ...options }),
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe: (sink) => ({
            unsubscribe: resumed.subscribe(
              { query, variables },
              {
                next: ({ data = null }) => sink.next({ data }),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
      fetchExchange,
    ],
  });
  const subscriptions = [
    client.query<Talk>(talkQuery, { id: channelId }).subscribe(({ data, stale }) => data && !stale && show(data)),
    client.subscription(eventsSubscription, { id: channelId }).subscribe(() => undefined),
    client.subscription(inboxSubscription, {}).subscribe(() => undefined),
  ];
  ends.push(() => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  });
}

async function look(app: App, name: string, channelId: string) {
  const complaints = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
  const fanout = new URL(world.fanoutUrls[0] ?? '');
  const network: TcpProxy = await startTcpProxy({ target: { host: fanout.hostname, port: Number(fanout.port) } });
  ends.push(() => network.close());
  const socket = createClient({
    url: network.url('ws', '/graphql'),
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ token: await app.token('bob') }),
    ...retryOptions,
  });
  ends.push(() => socket.dispose());
  let talk: Talk | undefined;
  let synced = 0;
  let queries = 0;
  socket.on('message', (message) => {
    if (JSON.stringify(message).includes('"ChannelSynced"')) synced += 1;
  });
  clients[name]?.({
    socket,
    token: await app.token('bob'),
    channelId,
    fetch: (...args) => {
      queries += 1;
      return fetch(...args);
    },
    show: (next) => {
      talk = next;
    },
  });
  await eventually(() => expect([talk === undefined, synced]).toEqual([false, 1]));
  return {
    network,
    queries: () => queries,
    complaints: () => complaints.flatMap((spy) => spy.mock.calls.map(String)),
    texts: () => talk?.channel?.messages.nodes.map(({ text }) => text),
    textsOfEdges: () => talk?.channel?.messages.edges.map(({ node }) => node.text),
    members: () => talk?.channel?.members.nodes.map(({ user }) => user.id),
    memberCount: () => talk?.channel?.memberCount,
    unread: () => [talk?.channel?.viewer.unreadCount, talk?.unread.totalUnread],
  };
}

const remove = (app: App, messageId: string) =>
  app.server.execute(
    'mutation ($input: DeleteMessageInput!) { deleteMessage(input: $input) { id } }',
    { input: { messageId, hard: true } },
    { asUser: 'ada' },
  );

for (const name of Object.keys(clients)) {
  test(`${name}: messages, replies and deletions change the cached list as the server would`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    const say = (text: string, parentId?: string) =>
      app.server.sendMessage('ada', { channelId, text, ...(parentId !== undefined && { parentId }) });
    await say('zero');
    const bob = await look(app, name, channelId);
    expect(bob.texts()).toEqual(['zero']);
    const one = await say('one');
    await say('a reply, which is no part of the list', one.id);
    await say('two');
    await eventually(() => expect(bob.texts()).toEqual(['zero', 'one', 'two']));
    expect(bob.textsOfEdges()).toEqual(['zero', 'one', 'two']);
    await remove(app, one.id);
    await eventually(() => expect(bob.texts()).toEqual(['zero', 'two']));
    expect(bob.textsOfEdges()).toEqual(['zero', 'two']);
    expect(bob.queries()).toBe(1);
    if (name !== withoutSchema) expect(bob.complaints()).toEqual([]);
  });

  test(`${name}: members and unread numbers follow`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    await app.server.upsertUsers([{ id: 'amy', name: 'Amy' }]);
    const bob = await look(app, name, channelId);
    expect(bob.unread()).toEqual([0, 0]);
    await app.server.addMembers(channelId, ['amy']);
    await eventually(() => expect(bob.members()).toEqual(['ada', 'amy', 'bob']));
    expect(bob.memberCount()).toBe(3);
    await app.server.removeMembers(channelId, ['ada']);
    await eventually(() => expect(bob.members()).toEqual(['amy', 'bob']));
    expect(bob.memberCount()).toBe(2);
    await app.server.sendMessage('amy', { channelId, text: 'read me' });
    await eventually(() => expect(bob.unread()).toEqual([1, 1]));
    if (name !== withoutSchema) expect(bob.complaints()).toEqual([]);
  });

  test(`${name}: after a reset the list is loaded anew, and goes on`, async () => {
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    await app.server.sendMessage('ada', { channelId, text: 'one' });
    const bob = await look(app, name, channelId);
    await bob.network.refuse();
    const administration = await openAdministration({
      databaseUrl: world.databaseUrl,
      logger: silentLogger(),
      testMode: true,
    });
    await administration.beginEpoch();
    await administration.close();
    // In the other log, before the position that it begins with: nobody is sent this as an event.
    await app.server.sendMessage('ada', { channelId, text: 'two' });
    await bob.network.heal();
    await eventually(() => expect(bob.texts()).toEqual(['one', 'two']));
    expect(bob.queries()).toBeGreaterThan(1);
    await app.server.sendMessage('ada', { channelId, text: 'three' });
    await eventually(() => expect(bob.texts()).toEqual(['one', 'two', 'three']));
  });
}
