import { gql, InMemoryCache } from '@apollo/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { applyEvent, possibleTypes, typePolicies } from './apollo-cache.ts';

const channelId = 'messaging:general';
const pageQuery = gql`
  query Page($last: Int, $first: Int, $before: String, $after: String, $around: ID) {
    channel(id: "messaging:general") {
      id
      messages(last: $last, first: $first, before: $before, after: $after, around: $around) {
        nodes { id seq }
        edges { cursor node { id } }
        pageInfo { startCursor endCursor hasPreviousPage hasNextPage }
      }
    }
  }
`;
const threadQuery = gql`
  query Thread {
    message(id: "m1") { id seq replies { nodes { id seq } } }
  }
`;

let cache: InMemoryCache;
beforeEach(() => {
  cache = new InMemoryCache({ typePolicies, possibleTypes });
});

const message = (seq: number) => ({ __typename: 'Message', id: `m${seq}`, seq });

/** What the server answers for messages `from` to `to` of ten. */
function write(from: number, to: number, variables: Record<string, unknown>): void {
  const nodes = Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
  const edges = nodes.map((node) => ({ __typename: 'MessageEdge', cursor: `c${node.seq}`, node }));
  const pageInfo = {
    __typename: 'PageInfo',
    startCursor: `c${from}`,
    endCursor: `c${to}`,
    hasPreviousPage: from > 1,
    hasNextPage: to < 10,
  };
  const messages = { __typename: 'MessageConnection', nodes, edges, pageInfo };
  cache.writeQuery({
    query: pageQuery,
    variables,
    data: { channel: { __typename: 'Channel', id: channelId, messages } },
  });
}

interface Page {
  readonly channel: {
    readonly messages: {
      readonly nodes: readonly { readonly seq: number }[];
      readonly edges: readonly { readonly node: { readonly id: string } }[];
      readonly pageInfo: object;
    };
  };
}

function shown() {
  const page = cache.readQuery<Page>({ query: pageQuery })?.channel.messages;
  expect(page?.edges.map(({ node }) => node.id)).toEqual(page?.nodes.map(({ seq }) => `m${seq}`));
  return page?.nodes.map(({ seq }) => seq);
}

const created = (seq: number) => ({
  __typename: 'MessageCreated',
  channelId,
  message: { id: `m${seq}`, parentId: null, seq },
});

/** As the subscription does before anybody hears of its event. */
function arrive(seq: number): void {
  cache.writeFragment({ fragment: gql`fragment Arrived on Message { id seq }`, data: message(seq) });
  applyEvent(cache, created(seq));
}

describe('pages of one list', () => {
  test('join to older and newer ones, with the outer cursors', () => {
    write(5, 6, { last: 2 });
    write(3, 4, { last: 2, before: 'c5' });
    write(7, 8, { first: 2, after: 'c6' });
    expect(shown()).toEqual([3, 4, 5, 6, 7, 8]);
    expect(cache.readQuery<Page>({ query: pageQuery })?.channel.messages.pageInfo).toMatchObject({
      startCursor: 'c3',
      endCursor: 'c8',
      hasPreviousPage: true,
      hasNextPage: true,
    });
  });

  test('of the newest leave the older ones that they meet, so that a preview does not empty a conversation', () => {
    write(6, 10, { last: 5 });
    write(10, 10, { last: 1 });
    expect(shown()).toEqual([6, 7, 8, 9, 10]);
  });

  test.for([
    ['of the newest which do not meet the old ones', 9, 10, { last: 2 }],
    ['around a message', 7, 9, { around: 'm8' }],
  ] as const)('%s replace them', ([, from, to, variables]) => {
    write(2, 4, { last: 3 });
    write(from, to, variables);
    expect(shown()?.[0]).toBe(from);
  });
});

describe('a message that was sent', () => {
  test('goes to the end, once', () => {
    write(9, 10, { last: 2 });
    arrive(11);
    arrive(11);
    expect(shown()).toEqual([9, 10, 11]);
  });

  test('stays where a later page has it as well', () => {
    write(9, 10, { last: 2 });
    arrive(11);
    write(11, 12, { first: 2, after: 'c10' });
    expect(shown()).toEqual([9, 10, 11, 12]);
  });

  test('waits for its page where newer ones are not loaded', () => {
    write(3, 5, { around: 'm4' });
    arrive(11);
    expect(shown()).toEqual([3, 4, 5]);
  });

  test('as a reply goes to its thread', () => {
    const replies = { __typename: 'MessageConnection', nodes: [message(2)] };
    cache.writeQuery({ query: threadQuery, data: { message: { ...message(1), replies } } });
    write(9, 10, { last: 2 });
    cache.writeFragment({ fragment: gql`fragment Arrived on Message { id seq }`, data: message(11) });
    applyEvent(cache, { ...created(11), message: { id: 'm11', parentId: 'm1', seq: 11 } });
    expect(shown()).toEqual([9, 10]);
    expect(cache.readQuery({ query: threadQuery })).toMatchObject({
      message: { replies: { nodes: [{ id: 'm2' }, { id: 'm11' }] } },
    });
  });
});

test('a channel that is gone is in no list', () => {
  const query = gql`query List { channels { nodes { id } } }`;
  const nodes = ['messaging:one', 'messaging:two'].map((id) => ({ __typename: 'Channel', id }));
  cache.writeQuery({ query, data: { channels: { __typename: 'ChannelConnection', nodes } } });
  applyEvent(cache, { __typename: 'ChannelLeft', channelId: 'messaging:one' });
  expect(cache.readQuery({ query })).toMatchObject({ channels: { nodes: [{ id: 'messaging:two' }] } });
  applyEvent(cache, { __typename: 'ChannelDeleted', channelId: 'messaging:two' });
  expect(cache.readQuery({ query })).toMatchObject({ channels: { nodes: [] } });
});

test('events that change no list, and those that nobody knows yet, change nothing', () => {
  write(9, 10, { last: 2 });
  const before = cache.extract();
  for (const __typename of ['TypingChanged', 'ChannelSynced', 'PollOpened'])
    applyEvent(cache, { __typename, channelId });
  expect(cache.extract()).toEqual(before);
});

test.for([
  [{ __typename: 'MessageCreated', message: { id: 'm1', parentId: null } }, 'select channelId'],
  [{ __typename: 'MessageCreated', channelId, message: { id: 'm1' } }, 'select message.parentId'],
  [{ __typename: 'MembersAdded', channelId, members: [{}] }, 'select members.user.id'],
] as const)('an event without what it needs says what to select: %j', ([event, cure]) => {
  expect(() => applyEvent(cache, event)).toThrow(cure);
});
