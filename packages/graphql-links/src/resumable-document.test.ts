import { readFileSync } from 'node:fs';
import { buildSchema, isObjectType, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { resumableDocument } from './resumable-document.ts';
import { resumedOperation } from './resume.ts';

const schema = buildSchema(readFileSync(new URL('../../../services/api/schema.graphql', import.meta.url), 'utf8'));

function resumed(text: string, operationName?: string) {
  const original = parse(text);
  expect(validate(schema, original)).toEqual([]);
  const document = resumableDocument(original, operationName);
  if (document === null) return null;
  expect(validate(schema, document.document).map(({ message }) => message)).toEqual([]);
  return resumedOperation(document, {});
}
const opened = (text: string, operationName?: string) => {
  const operation = resumed(text, operationName);
  if (operation === null) throw new Error('the document has no position');
  return operation;
};

describe('a document of several operations', () => {
  const two =
    'subscription A { log: channelEvents(channelId: "messaging:a") { at } } subscription B { news: inbox { at } }';

  test('is sent as the one that was asked for, with the variables that it uses and their types', () => {
    const documents = ['A', 'B'].map((name) => print(opened(two, name).query));
    expect(documents[0]).toMatch(/^subscription A\(\$parley_after: Seq, \$parley_epoch: String\)/);
    expect(documents[1]).toMatch(/^subscription B\(\$parley_after: String\)/);
    expect(documents.map((text) => text.match(/subscription /g)?.length)).toEqual([1, 1]);
  });

  test('is read as the operation that was asked for, in whatever order they stand', () => {
    const a = opened(two, 'A');
    const b = opened(two, 'B');
    a.take({ data: { log: { __typename: 'ChannelSynced', seq: 4, epoch: 'e' } } });
    b.take({ data: { news: { cursor: 'c' } } });
    expect([a.variables, b.variables]).toEqual([{ parley_after: 4, parley_epoch: 'e' }, { parley_after: 'c' }]);
  });

  test('is left alone when the one that was asked for has no position', () => {
    const mixed =
      'subscription A { inbox { at } } subscription B { presence(userIds: ["ada"]) { online } } query Q { me { id } }';
    expect(['B', 'Q', 'Z'].map((name) => resumed(mixed, name))).toEqual([null, null, null]);
  });

  test('keeps the fragments that its operation uses, through other fragments too, and no others', () => {
    const shared = `
      subscription A { ...Outer }
      subscription B { ...Inner }
      subscription C { inbox { ...Bumped } }
      fragment Outer on Subscription { ... { ...Inner } }
      fragment Inner on Subscription { channelEvents(channelId: "messaging:a") { at } }
      fragment Bumped on ChannelBumped { unreadCount }`;
    const fragmentsOf = (name: string) => print(opened(shared, name).query).match(/(?<=fragment )\w+/g);
    expect(['A', 'B', 'C'].map(fragmentsOf)).toEqual([['Outer', 'Inner'], ['Inner'], ['Bumped']]);
  });

  test('without a name is read as its first operation, as clients do', () => {
    expect(opened(two).take({ data: { log: { seq: 1 } } })).toBe(true);
    expect(resumed('query Q { me { id } } subscription A { inbox { at } }')).toBeNull();
  });
});

describe("a name of the reader's own", () => {
  test('may be that of a field of the log: the position is read under another', () => {
    const { query, variables, take } = opened(`
      subscription {
        channelEvents(channelId: "messaging:a") {
          __typename: at
          ... on MessageCreated { seq: at }
          ...Synced
        }
      }
      fragment Synced on ChannelSynced { epoch: at }`);
    expect(print(query)).toContain('seq: at');
    const event = { __typename: 'noon', seq: 'noon', epoch: 'noon' };
    const at = (name: string, seq: number, epoch?: string) =>
      take({
        data: {
          channelEvents: { ...event, parley___typename: name, parley_seq: seq, ...(epoch && { parley_epoch: epoch }) },
        },
      });
    expect([at('ChannelSynced', 4, 'e'), at('MessageCreated', 5), at('MessageCreated', 5)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(variables).toEqual({ parley_after: 5, parley_epoch: 'e' });
    expect(at('ChannelReset', 2, 'e')).toBe(true);
    expect(variables).toEqual({ parley_after: 2, parley_epoch: 'e' });
  });

  test('may be that of the cursor of the inbox, and even the one that would stand in for it', () => {
    const { variables, take } = opened('subscription { inbox { cursor: at parley_cursor: at } }');
    take({ data: { inbox: { cursor: 'noon', parley_cursor: 'noon', parley_parley_cursor: 'c' } } });
    expect(variables).toEqual({ parley_after: 'c' });
  });

  test('may give the field itself another name, which takes nothing away', () => {
    const { variables, take } = opened(
      'subscription { channelEvents(channelId: "messaging:a") { ... on LoggedEvent { place: seq } } }',
    );
    take({ data: { channelEvents: { __typename: 'MessageCreated', place: 3, seq: 3 } } });
    expect(variables['parley_after']).toBe(3);
  });

  test('may be that of a variable for the position', () => {
    const { query, variables, take } = opened(
      'subscription ($parley_after: ID!) { channelEvents(channelId: $parley_after) { at } }',
    );
    expect(print(query)).toContain('after: $parley_parley_after');
    take({ data: { channelEvents: { __typename: 'MessageCreated', seq: 3 } } });
    expect(variables).toEqual({ parley_parley_after: 3 });
  });

  test('stays what it is when a document is opened again, as a link in front does that tries again', () => {
    const { query } = opened(
      'subscription ($parley_after: ID!) { channelEvents(channelId: $parley_after) { seq: channelId } }',
    );
    const again = resumableDocument(query);
    expect(again?.keyOf('seq')).toBe('parley_seq');
    expect([...(again?.position.values() ?? [])].map(({ variable }) => variable)).toEqual([
      'parley_parley_after',
      'parley_epoch',
    ]);
  });
});

test('only the root of subscriptions has fields that are called as those with a position', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const named = types.filter((type) => ['channelEvents', 'inbox'].some((name) => name in type.getFields()));
  expect(named.map(({ name }) => name)).toEqual(['Subscription']);
});
