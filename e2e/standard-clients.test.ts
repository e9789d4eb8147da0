import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { DevPlatform } from '@parley/cli';
import { uniqueId } from '@parley/testkit';
import { fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { createClient, type Client as WsClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { post, startPlatform } from './platform.ts';
import { eventually } from './two-people-chat.ts';

const watch = `
  subscription Watch($channelId: ID!, $after: Seq) {
    channelEvents(channelId: $channelId, after: $after) {
      __typename
      ... on LoggedEvent { seq }
      ... on MessageCreated { message { id text user { id name } } }
    }
  }`;
const send = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id seq text } }';

let platform: DevPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform?.close());

const tokenOf = (userId: string): string => platform.tokens[userId] ?? '';

async function channel(): Promise<string> {
  const answer = await post(
    platform.graphqlUrl,
    tokenOf('ada'),
    'mutation Create($input: CreateChannelInput!) { createChannel(input: $input) { id } }',
    { input: { type: 'messaging', key: uniqueId('talk'), memberIds: ['ada', 'bob'] } },
  );
  expect(answer).toMatchObject({ data: { createChannel: { id: expect.any(String) } } });
  const { createChannel } = answer['data'] as { createChannel: { id: string } };
  return createChannel.id;
}

const say = (channelId: string, text: string) =>
  post(platform.graphqlUrl, tokenOf('ada'), send, { input: { channelId, text } });

/** What a subscription has brought, in short. */
function collector() {
  const seen: string[] = [];
  return {
    seen,
    texts: () => seen.filter((entry) => entry.startsWith('text ')).map((entry) => entry.slice(5)),
    take(data: unknown) {
      const { channelEvents: event } = data as {
        channelEvents: { __typename: string; message?: { text: string } };
      };
      seen.push(event.message === undefined ? event.__typename : `text ${event.message.text}`);
    },
  };
}

const wsClient = (userId: string): WsClient =>
  createClient({
    url: platform.subscriptionsUrl,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ token: tokenOf(userId) }),
  });

test("graphql-ws's own client: replay, live events, a mutation and a refusal over one socket", async () => {
  const channelId = await channel();
  await say(channelId, 'before');
  const client = wsClient('bob');
  const { seen, texts, take } = collector();
  const stop = client.subscribe(
    { query: watch, variables: { channelId, after: 0 } },
    { next: ({ data }) => take(data), error: (error) => seen.push(String(error)), complete: () => seen.push('end') },
  );
  await eventually(() => expect(seen).toContain('ChannelSynced'));
  expect(texts()).toEqual(['before']);
  const [answer] = await takeOne(client, send, { input: { channelId, text: 'over the socket' } });
  expect(answer).toMatchObject({ data: { sendMessage: { text: 'over the socket' } } });
  await eventually(() => expect(texts()).toEqual(['before', 'over the socket']));
  stop();
  await eventually(() => expect(seen.at(-1)).toBe('end'));

  const [refused] = await takeOne(client, watch, { channelId: 'messaging:elsewhere' });
  expect(JSON.stringify(refused)).toContain('"code":"forbidden"');
  await client.dispose();
});

async function takeOne(client: WsClient, query: string, variables: Record<string, unknown>): Promise<unknown[]> {
  const results: unknown[] = [];
  await new Promise<void>((resolve) => {
    client.subscribe(
      { query, variables },
      {
        next: (result) => results.push(result),
        error: (errors) => {
          results.push(errors);
          resolve();
        },
        complete: resolve,
      },
    );
  });
  return results;
}

test('a token that is refused closes the socket with 4403', async () => {
  const client = createClient({
    url: platform.subscriptionsUrl,
    webSocketImpl: WebSocket,
    connectionParams: { token: 'nonsense' },
    retryAttempts: 0,
  });
  const closed = new Promise((resolve) => client.on('closed', resolve));
  client.subscribe({ query: '{ me { id } }' }, { next() {}, error() {}, complete() {} });
  expect(await closed).toMatchObject({ code: 4403 });
  await client.dispose();
});

test('Apollo: query by HTTP, subscription by WebSocket', async () => {
  const channelId = await channel();
  const socket = wsClient('bob');
  const http = new HttpLink({
    uri: platform.graphqlUrl,
    headers: { authorization: `Bearer ${tokenOf('bob')}` },
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(({ operationType }) => operationType === 'subscription', new GraphQLWsLink(socket), http),
  });
  const { data } = await client.query({ query: gql('query Me { me { id name } }') });
  expect(data).toMatchObject({ me: { id: 'bob' } });
  const { seen, texts, take } = collector();
  const subscription = client
    .subscribe({ query: gql(watch), variables: { channelId }, fetchPolicy: 'no-cache' })
    .subscribe(({ data }) => take(data));
  await eventually(() => expect(seen).toContain('ChannelSynced'));
  await client.mutate({ mutation: gql(send), variables: { input: { channelId, text: 'from Apollo' } } });
  await eventually(() => expect(texts()).toEqual(['from Apollo']));
  subscription.unsubscribe();
  client.stop();
  await socket.dispose();
});

test('urql: the same by WebSocket', async () => {
  const channelId = await channel();
  const socket = wsClient('bob');
  const client = new UrqlClient({
    url: platform.graphqlUrl,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${tokenOf('bob')}` } },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: variables ?? {} }, asResults(sink)),
          }),
        }),
      }),
    ],
  });
  await chatWithUrql(client, channelId);
  await socket.dispose();
});

function asResults(sink: { next(value: object): void; error(error: unknown): void; complete(): void }) {
  return {
    next: (result: object) => sink.next(result),
    error: (error: unknown) => sink.error(error),
    complete: () => sink.complete(),
  };
}

test('urql: the same by server-sent events, on the one address', async () => {
  const channelId = await channel();
  const client = new UrqlClient({
    url: platform.graphqlUrl,
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: `Bearer ${tokenOf('bob')}` } },
    exchanges: [fetchExchange],
  });
  await chatWithUrql(client, channelId);
});

async function chatWithUrql(client: UrqlClient, channelId: string): Promise<void> {
  const { seen, texts, take } = collector();
  const subscription = client
    .subscription(watch, { channelId })
    .subscribe(({ data, error }) => (error === undefined ? take(data) : seen.push(String(error))));
  await eventually(() => expect(seen).toContain('ChannelSynced'));
  const { error } = await client.mutation(send, { input: { channelId, text: 'from urql' } });
  expect(error).toBeUndefined();
  await eventually(() => expect(texts()).toEqual(['from urql']));
  subscription.unsubscribe();
}

test('a plain fetch reads the event stream', async () => {
  const channelId = await channel();
  await say(channelId, 'one');
  const hangUp = new AbortController();
  const response = await fetch(platform.graphqlUrl, {
    method: 'POST',
    signal: hangUp.signal,
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf('bob')}`,
    },
    body: JSON.stringify({ query: watch, variables: { channelId, after: 0 } }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => undefined);
  await eventually(() => expect(text).toContain('ChannelSynced'));
  await say(channelId, 'two');
  await eventually(() => expect(text).toContain('"text":"two"'));
  const frames = text.split('\n\n').filter((frame) => frame.startsWith('event: next'));
  expect(frames[0]).toContain('"data":{"channelEvents":{');
  hangUp.abort();
  await reading;
});
