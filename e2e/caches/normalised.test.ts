import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { DevPlatform } from '@parley/cli';
import { sdl } from '@parley/contracts/sdl';
import { uniqueId } from '@parley/testkit';
import { fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { buildSchema, introspectionFromSchema } from 'graphql';
import type { Client as WsClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startPlatform } from '../platform.ts';
import { eventually } from '../two-people-chat.ts';
import { setStage, socketOf } from './stage.ts';

const schema = introspectionFromSchema(buildSchema(sdl));

let platform: DevPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform?.close());

/** A client of bob with a normalised cache. */
interface CachingClient {
  /** Asks the server. */
  ask(query: string, variables: object): Promise<void>;
  /** What the cache alone has to say; null when it does not have all of it. */
  cached(query: string, variables: object): unknown;
  /** Until the test ends; resolves when the first event came, or with the first error. */
  watch(subscription: string, variables: object): Promise<unknown>;
}

const authorization = () => `Bearer ${platform.tokens['bob']}`;

function apollo(socket: WsClient): CachingClient {
  const http = new HttpLink({ uri: platform.graphqlUrl, headers: { authorization: authorization() } });
  const isSubscription = ({ operationType }: ApolloLink.Operation) => operationType === 'subscription';
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(isSubscription, new GraphQLWsLink(socket), http),
  });
  onTestFinished(() => client.stop());
  return {
    ask: async (query, variables) => {
      await client.query({ query: gql(query), variables, fetchPolicy: 'network-only' });
    },
    cached: (query, variables) => client.readQuery({ query: gql(query), variables }),
    watch: (subscription, variables) =>
      new Promise((resolve) => {
        const watching = client
          .subscribe({ query: gql(subscription), variables })
          .subscribe(({ error }) => resolve(error));
        onTestFinished(() => watching.unsubscribe());
      }),
  };
}

function urql(socket: WsClient): CachingClient {
  const client = new UrqlClient({
    url: platform.graphqlUrl,
    preferGetMethod: false,
    fetchOptions: () => ({ headers: { authorization: authorization() } }),
    exchanges: [
      cacheExchange({ schema }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables: variables ?? {} },
              {
                next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  });
  return {
    ask: async (query, variables) => {
      const { error } = await client.query(query, variables, { requestPolicy: 'network-only' });
      expect(error).toBeUndefined();
    },
    cached: (query, variables) => client.readQuery(query, variables, { requestPolicy: 'cache-only' })?.data ?? null,
    watch: (subscription, variables) =>
      new Promise((resolve) => {
        const watching = client.subscription(subscription, variables).subscribe(({ error }) => resolve(error));
        onTestFinished(() => watching.unsubscribe());
      }),
  };
}

const messageQuery = `query ($id: ID!) { message(id: $id) {
  id text user { id name } ownReactions { id type } quoted { id text quoted { id text } } } }`;
const events = `subscription ($id: ID!) { channelEvents(channelId: $id) { __typename
  ... on MessageUpdated { message { id text user { id name } quoted { id text } } }
  ... on ReactionAdded { message { id text } reaction { id type } } } }`;

describe.each([
  ['Apollo Client', apollo],
  ['urql with Graphcache', urql],
] as const)('%s', (_name, createClient) => {
  const setUp = async () => {
    const socket = socketOf(platform, platform.tokens['bob']);
    onTestFinished(() => socket.dispose());
    return { ...(await setStage(platform)), client: createClient(socket) };
  };

  test('an event changes what it knows of a message, and nothing that only a query knows', async () => {
    const { client, channelId, say, act } = await setUp();
    const one = await say('one');
    const two = await say('two', { quotedId: one.id });
    const { id } = await say('three', { quotedId: two.id });
    await client.ask(messageQuery, { id });
    expect(client.cached(messageQuery, { id })).toMatchObject({ message: { text: 'three', ownReactions: [] } });
    expect(await client.watch(events, { id: channelId })).toBeUndefined();
    await act('updateMessage', 'UpdateMessageInput', { messageId: id, text: 'three!' });
    await act('addReaction', 'AddReactionInput', { messageId: id, type: 'like' });
    await eventually(() =>
      expect(client.cached(messageQuery, { id })).toMatchObject({
        message: { text: 'three!', ownReactions: [], quoted: { text: 'two', quoted: { text: 'one' } } },
      }),
    );
  });

  test('what no event knows is refused with words, in place of a null that the cache would keep', async () => {
    const { client, channelId } = await setUp();
    for (const selection of ['ownReactions { type }', 'quoted { id quoted { id } }']) {
      const error = await client.watch(
        `subscription ($id: ID!) { channelEvents(channelId: $id) { __typename ... on MessageUpdated { message { id ${selection} } } } }`,
        { id: channelId },
      );
      expect(String(error)).toMatch(/not available inside events; ask for it with a query/);
    }
  });

  test('presence changes the one user that messages show', async () => {
    const { client, server, say } = await setUp();
    const watched = uniqueId('eve');
    await server.upsertUsers([{ id: watched, name: 'Eve' }]);
    const { id } = await say('hello', { mentionedUserIds: [watched] });
    const query = 'query ($id: ID!) { message(id: $id) { id mentionedUsers { id name online } } }';
    const eveIs = (online: boolean) =>
      expect(client.cached(query, { id })).toMatchObject({ message: { mentionedUsers: [{ name: 'Eve', online }] } });
    await client.ask(query, { id });
    eveIs(false);
    const watch = 'subscription ($ids: [ID!]!) { presence(userIds: $ids) { user { id online } } }';
    expect(await client.watch(watch, { ids: [watched] })).toBeUndefined();
    const eve = socketOf(platform, await server.mintUserToken(watched));
    onTestFinished(() => eve.dispose());
    await eventually(() => eveIs(true));
  });

  test("two views of the viewer's side and of a member complete each other", async () => {
    const { client, channelId } = await setUp();
    const view = (ofViewer: string, ofMember: string) =>
      `query ($id: ID!) { channel(id: $id) { id viewer { id ${ofViewer} membership { id ${ofMember} } } } }`;
    const [one, two] = [view('unreadCount', 'role'), view('capabilities', 'createdAt')];
    await client.ask(one, { id: channelId });
    await client.ask(two, { id: channelId });
    expect(client.cached(one, { id: channelId })).toMatchObject({
      channel: { viewer: { unreadCount: 0, membership: { role: 'member' } } },
    });
  });
});
