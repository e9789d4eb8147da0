import { readFile } from 'node:fs/promises';
import type { DevPlatform } from '@parley/cli';
import type { Client as WsClient } from 'graphql-ws';
import relay, { type ConcreteRequest, type GraphQLResponse, type ReaderFragment } from 'relay-runtime';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { post, startPlatform } from '../platform.ts';
import { eventually } from '../two-people-chat.ts';
import { type Stage, setStage, socketOf } from './stage.ts';

/** As `npm run matrix -- relay` compiles the documents. */
interface Artifacts {
  readonly roomQuery: ConcreteRequest;
  readonly roomOlderQuery: ConcreteRequest;
  readonly roomNodesQuery: ConcreteRequest;
  readonly roomEventsSubscription: ConcreteRequest;
  readonly roomPresenceSubscription: ConcreteRequest;
  readonly room_messages: ReaderFragment;
}

let platform: DevPlatform;
let artifacts: Artifacts;
let stage: Stage;
let socket: WsClient;
beforeAll(async () => {
  artifacts = JSON.parse(await readFile(new URL('relay-artifacts.json', import.meta.url), 'utf8'));
  platform = await startPlatform();
});
afterAll(() => platform?.close());

async function createEnvironment() {
  stage = await setStage(platform);
  socket = socketOf(platform, platform.tokens['bob']);
  onTestFinished(() => socket.dispose());
  return new relay.Environment({
    store: new relay.Store(new relay.RecordSource()),
    network: relay.Network.create(
      async ({ text }, variables) =>
        (await post(platform.graphqlUrl, platform.tokens['bob'] ?? '', text ?? '', variables)) as GraphQLResponse,
      ({ text }, variables) =>
        relay.Observable.create((sink) =>
          socket.subscribe(
            { query: text ?? '', variables },
            {
              next: (result) => sink.next(result as GraphQLResponse),
              error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))),
              complete: () => sink.complete(),
            },
          ),
        ),
    ),
  });
}

type Environment = Awaited<ReturnType<typeof createEnvironment>>;
type Variables = Readonly<Record<string, unknown>>;

/** Asks, keeps the answer from being collected, and gives how it reads now and later. */
async function ask(environment: Environment, query: ConcreteRequest, variables: Variables) {
  await relay.fetchQuery(environment, query, variables).toPromise();
  const { fragment } = relay.createOperationDescriptor(query, variables);
  const retained = environment.retain(relay.createOperationDescriptor(query, variables));
  onTestFinished(() => retained.dispose());
  return () => environment.lookup(fragment).data as Record<string, unknown>;
}

interface Shown {
  readonly text: string;
  readonly user: { readonly name: string; readonly online: boolean };
  readonly quoted: { readonly text: string; readonly quoted: { readonly text: string } | null } | null;
}

/** What usePaginationFragment would give of the messages, and the loading of an older page. */
async function openRoom(environment: Environment) {
  const read = await ask(environment, artifacts.roomQuery, { id: stage.channelId });
  const selector = relay.getSingularSelector(artifacts.room_messages, read()['channel']);
  if (selector?.kind !== 'SingularReaderSelector') throw new TypeError('the channel has no messages');
  const { identifierInfo } = relay.getRefetchMetadata(artifacts.room_messages, 'openRoom');
  const { connectionPathInFragmentData } = relay.getPaginationMetadata(artifacts.room_messages, 'openRoom');
  expect([identifierInfo?.identifierField, connectionPathInFragmentData]).toEqual(['id', ['messages']]);
  const page = () =>
    (
      environment.lookup(selector).data as unknown as {
        messages: { edges: { node: Shown }[]; pageInfo: { startCursor: string } };
      }
    ).messages;
  return {
    messages: () => page().edges.map(({ node }) => node),
    texts: () => page().edges.map(({ node: { text } }) => text),
    older: (count: number) =>
      ask(environment, artifacts.roomOlderQuery, { id: stage.channelId, count, cursor: page().pageInfo.startCursor }),
  };
}

/** Watches until the test ends; what came is in the store. */
async function watch(
  environment: Environment,
  subscription: ConcreteRequest,
  variables: Variables,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const { dispose } = relay.requestSubscription(environment, {
    subscription,
    variables,
    onNext: (data) => seen.push(data),
    onError: (error) => seen.push(error),
  });
  onTestFinished(dispose);
  await eventually(() => expect(seen).not.toHaveLength(0));
  return seen;
}

test('usePaginationFragment: older messages are asked for by the id of the channel, and join those that are there', async () => {
  const environment = await createEnvironment();
  for (const text of ['one', 'two', 'three', 'four', 'five']) await stage.say(text);
  const { texts, older } = await openRoom(environment);
  expect(texts()).toEqual(['four', 'five']);
  await older(2);
  expect(texts()).toEqual(['two', 'three', 'four', 'five']);
  await older(2);
  expect(texts()).toEqual(['one', 'two', 'three', 'four', 'five']);
});

test('an event changes the message that a query brought, and takes nothing from it: what its quote quotes stays', async () => {
  const environment = await createEnvironment();
  const one = await stage.say('one');
  const two = await stage.say('two', { quotedId: one.id });
  const three = await stage.say('three', { quotedId: two.id });
  const { messages } = await openRoom(environment);
  await watch(environment, artifacts.roomEventsSubscription, { id: stage.channelId });
  await stage.act('updateMessage', 'UpdateMessageInput', { messageId: three.id, text: 'three!' });
  await eventually(() =>
    expect(messages().at(-1)).toMatchObject({ text: 'three!', quoted: { text: 'two', quoted: { text: 'one' } } }),
  );
});

test('presence changes the one record of a user, where its messages show it', async () => {
  const environment = await createEnvironment();
  await stage.say('hello');
  const { messages } = await openRoom(environment);
  expect(messages().at(-1)?.user).toMatchObject({ name: 'Ada Lovelace', online: false });
  await watch(environment, artifacts.roomPresenceSubscription, { ids: ['ada'] });
  const ada = socketOf(platform, platform.tokens['ada']);
  await eventually(() => expect(messages().at(-1)?.user).toMatchObject({ name: 'Ada Lovelace', online: true }));
  await ada.dispose();
});

test('users, channels and messages share one store by their ids, and no two of them a record', async () => {
  const environment = await createEnvironment();
  const { channelId, server } = stage;
  const message = await stage.say('hello');
  await expect(server.upsertUsers([{ id: channelId, name: 'The user' }])).rejects.toMatchObject({ code: 'conflict' });
  const ids = [channelId, 'ada', message.id, 'nobody'];
  const read = await ask(environment, artifacts.roomNodesQuery, { ids });
  expect(read()['nodes']).toMatchObject([
    { __typename: 'Channel', id: channelId },
    { __typename: 'User', id: 'ada' },
    { __typename: 'Message', id: message.id, text: 'hello' },
    null,
  ]);
});
