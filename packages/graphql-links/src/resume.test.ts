import { readFileSync } from 'node:fs';
import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createResume, type ResumedOperation } from './resume.ts';

const schema = buildSchema(readFileSync(new URL('../../../services/api/schema.graphql', import.meta.url), 'utf8'));

function resumed(text: string, variables: Record<string, unknown> = {}): ResumedOperation {
  const operation = createResume()(parse(text), variables);
  if (operation === null) throw new Error('the document has no position');
  return operation;
}

const bare = 'subscription ($id: ID!) { channelEvents(channelId: $id) { ... on MessageCreated { message { text } } } }';
const created = (seq: number) => ({ data: { channelEvents: { __typename: 'MessageCreated', seq } } });
const place = (__typename: string, seq: number, epoch: string) => ({
  data: { channelEvents: { __typename, seq, epoch } },
});

describe('a document', () => {
  test.for([
    ['without any of it', bare],
    ['with literals', 'subscription { channelEvents(channelId: "messaging:a", after: 5, epoch: "e") { at } }'],
    [
      'with variables of its own',
      'subscription ($id: ID!, $from: Seq = 3) { channelEvents(channelId: $id, after: $from) { ... on LoggedEvent { seq } } }',
    ],
    ['with an alias', 'subscription { events: channelEvents(channelId: "messaging:a") { __typename } }'],
    ['in a fragment', 'subscription { ...Watch } fragment Watch on Subscription { ... { inbox { at } } }'],
    ['of the inbox', 'subscription ($after: String) { inbox(after: $after) { ... on ChannelBumped { unreadCount } } }'],
  ] as const)('%s is valid with its position', ([, text]) => {
    const { query } = resumed(text);
    expect(validate(schema, query)).toEqual([]);
    expect(print(query)).toMatch(/after: \$/);
  });

  test.for(['query { me { id } }', 'subscription { presence(userIds: ["ada"]) { online } }'])(
    'without a position is left alone: %s',
    (text) => expect(createResume()(parse(text), {})).toBeNull(),
  );

  test('stays the same object each time, since clients cache by it', () => {
    const resume = createResume();
    const document = parse(bare);
    expect(resume(document, {})?.query).toBe(resume(document, {})?.query);
  });

  test('keeps its own variables and what it said in their place', () => {
    const { variables } = resumed(
      'subscription { channelEvents(channelId: "messaging:a", after: 5, epoch: "e") { at } }',
    );
    expect(variables).toEqual({ parley_after: 5, parley_epoch: 'e' });
    expect(resumed(bare, { id: 'messaging:a' }).variables).toEqual({ id: 'messaging:a' });
  });
});

describe('the position', () => {
  test('is that of the newest event', () => {
    const { variables, take } = resumed(bare);
    expect([place('ChannelSynced', 4, 'e1'), created(5), created(6)].map(take)).toEqual([true, true, true]);
    expect(variables).toEqual({ parley_after: 6, parley_epoch: 'e1' });
  });

  test('is given by the reader at first, under the name of its own variable', () => {
    const text = 'subscription ($from: Seq) { channelEvents(channelId: "messaging:a", after: $from) { at } }';
    const { variables, take } = resumed(text, { from: 7 });
    expect([created(7), created(8)].map(take)).toEqual([false, true]);
    expect(variables['from']).toBe(8);
  });

  test('lets each event of the log through once, and everything that is no part of it always', () => {
    const { take } = resumed(bare);
    const typing = { data: { channelEvents: { __typename: 'TypingChanged' } } };
    expect([created(5), created(5), typing, created(4), typing, created(6)].map(take)).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  test('follows a reset to a lower one, and counts from there', () => {
    const { variables, take } = resumed(bare);
    for (const answer of [place('ChannelSynced', 90, 'e1'), place('ChannelReset', 3, 'e2')])
      expect(take(answer)).toBe(true);
    expect(variables).toMatchObject({ parley_after: 3, parley_epoch: 'e2' });
    expect([created(3), created(4)].map(take)).toEqual([false, true]);
  });

  test('does not go back when read pointers come with an older head', () => {
    const { variables, take } = resumed(bare);
    for (const answer of [place('ChannelSynced', 4, 'e1'), created(5), place('ChannelSynced', 4, 'e1')]) take(answer);
    expect(variables['parley_after']).toBe(5);
    expect(take(created(5))).toBe(false);
  });

  test('is read under the alias of the field', () => {
    const { variables, take } = resumed('subscription { events: channelEvents(channelId: "messaging:a") { at } }');
    expect(take({ data: { events: { __typename: 'MessageCreated', seq: 2 } } })).toBe(true);
    expect(variables['parley_after']).toBe(2);
  });

  test('is kept under names that JavaScript has a use for', () => {
    const { variables, take } = resumed(
      'subscription ($__proto__: Seq) { __proto__: channelEvents(channelId: "messaging:a", after: $__proto__) { at } }',
    );
    take({ data: JSON.parse('{"__proto__": {"__typename": "MessageCreated", "seq": 2}}') });
    expect(JSON.stringify(variables)).toBe('{"__proto__":2}');
  });

  test('of an inbox is its newest cursor, and several events may share it', () => {
    const { variables, take } = resumed('subscription { inbox { at } }');
    const bumped = (cursor: string) => ({ data: { inbox: { __typename: 'ChannelBumped', cursor } } });
    expect([bumped('a'), bumped('b'), bumped('b')].map(take)).toEqual([true, true, true]);
    expect(variables).toEqual({ parley_after: 'b' });
  });

  test.for([
    {},
    { data: null },
    { data: { channelEvents: null } },
    { data: { channelEvents: { seq: 'x', epoch: 1 } } },
  ])('stays where it is for an answer without an event: %j', (answer) => {
    const { variables, take } = resumed(bare);
    expect(take(answer)).toBe(true);
    expect(variables['parley_after']).toBeUndefined();
  });
});
