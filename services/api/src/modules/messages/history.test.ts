import type { Message } from '@parley/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Room } from '../../../test/room.ts';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
let room: Room;
let channelId: string;
const ids: string[] = [];
beforeAll(async () => {
  world = await createWorld();
  room = await createRoom(world);
  channelId = await room.open('history');
  for (let number = 0; number < 30; number += 1) {
    const message = await room.act('sendMessage', { channelId, text: `${number}` });
    ids.push(message.id);
    if (number === 5) await room.act('sendMessage', { channelId, text: 'reply', parentId: message.id });
  }
});
afterAll(() => world.close());

interface Shown {
  readonly nodes: readonly Message[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

const load = async (args: string): Promise<Shown> => {
  const document = `query ($id: ID!) { channel(id: $id) { messages${args} { nodes { text seq } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
  return (await room.query<{ channel: { messages: Shown } }>(document, { id: channelId })).channel.messages;
};
const numbers = ({ nodes }: Shown) => nodes.map(({ text }) => Number(text));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test('without arguments the newest 25, from old to new', async () => {
  const page = await load('');
  expect(numbers(page)).toEqual(range(5, 30));
  expect(page.pageInfo).toMatchObject({
    hasPreviousPage: true,
    hasNextPage: false,
    startCursor: page.edges[0]?.cursor,
    endCursor: page.edges[24]?.cursor,
  });
});

test('paging back reaches the first message, each one once', async () => {
  const seen: number[] = [];
  let page = await load('(last: 7)');
  for (;;) {
    seen.unshift(...numbers(page));
    if (!page.pageInfo.hasPreviousPage) break;
    page = await load(`(last: 7, before: "${page.pageInfo.startCursor}")`);
    expect(page.pageInfo.hasNextPage).toBe(true);
  }
  expect(seen).toEqual(range(0, 30));
});

test('paging on reaches the last one', async () => {
  const seen: number[] = [];
  let page = await load('(first: 7)');
  for (;;) {
    seen.push(...numbers(page));
    if (!page.pageInfo.hasNextPage) break;
    page = await load(`(first: 7, after: "${page.pageInfo.endCursor}")`);
    expect(page.pageInfo.hasPreviousPage).toBe(true);
  }
  expect(seen).toEqual(range(0, 30));
});

test('a page holds what lies between two cursors', async () => {
  const { edges } = await load('(first: 20)');
  const between = `after: "${edges[3]?.cursor}", before: "${edges[10]?.cursor}"`;
  expect(numbers(await load(`(${between}, last: 3)`))).toEqual([7, 8, 9]);
  expect(numbers(await load(`(${between}, first: 3)`))).toEqual([4, 5, 6]);
});

test.each([
  ['in the middle', 15, range(10, 20)],
  ['at the beginning', 1, range(0, 10)],
  ['at the end', 29, range(20, 30)],
])('around a message %s, a whole page', async (_place, middle, expected) => {
  const page = await load(`(around: "${ids[middle]}", first: 10)`);
  expect(numbers(page)).toEqual(expected);
  expect(page.pageInfo).toMatchObject({ hasPreviousPage: expected[0] !== 0, hasNextPage: expected.at(-1) !== 29 });
});

test('around a position, the first message from there on is in the middle, also where the log has other things', async () => {
  const { nodes } = await load('(first: 30)');
  const seqOf = (number: number) => nodes[number]?.seq ?? 0;
  expect(numbers(await load(`(aroundSeq: ${seqOf(15)}, first: 10)`))).toEqual(range(10, 20));
  // The position right behind the fifth message is that of a reply, which is not in the timeline.
  const page = await load(`(aroundSeq: ${seqOf(5) + 1}, last: 4)`);
  expect(numbers(page)).toEqual(range(4, 8));
  expect(page.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
});

test('around the beginning and beyond the end a whole page', async () => {
  const first = await load('(aroundSeq: 0, first: 10)');
  expect([numbers(first), first.pageInfo]).toMatchObject([range(0, 10), { hasPreviousPage: false, hasNextPage: true }]);
  const last = await load('(aroundSeq: 9007199254740991, first: 10)');
  expect([numbers(last), last.pageInfo]).toMatchObject([range(20, 30), { hasPreviousPage: true, hasNextPage: false }]);
});

test('a channel list can ask each of its channels around the same position', async () => {
  const other = await room.open('other');
  await room.act('sendMessage', { channelId: other, text: 'elsewhere' });
  const { channels } = await room.query<{ channels: { nodes: readonly { id: string; messages: Shown }[] } }>(
    'query { channels(first: 10) { nodes { id messages(aroundSeq: 1, first: 3) { nodes { text } } } } }',
  );
  const texts = channels.nodes.map(({ id, messages }) => [id, messages.nodes.map(({ text }) => text)]);
  expect(Object.fromEntries(texts)).toEqual({ [channelId]: ['0', '1', '2'], [other]: ['elsewhere'] });
});

test.each([
  ['(first: 101)', { field: 'first', limit: 100 }],
  ['(last: 0)', { field: 'last', limit: 100 }],
  ['(first: -1)', { field: 'first', limit: 100 }],
  ['(first: 1, last: 1)', { field: 'last' }],
  ['(after: "nonsense")', { field: 'after' }],
  ['(before: "bm9uc2Vuc2U")', { field: 'before' }],
  ['(around: "7d444840-9dc0-11d1-b245-5ffdce74fad2")', { field: 'around' }],
  ['(around: "12")', { field: 'around' }],
  ['(aroundSeq: 3, around: "7d444840-9dc0-11d1-b245-5ffdce74fad2")', { field: 'aroundSeq' }],
  ['(aroundSeq: 0, after: "bm9uc2Vuc2U")', { field: 'aroundSeq' }],
  ['(aroundSeq: 3, first: 101)', { field: 'first', limit: 100 }],
])('%s is refused with the field', async (args, expected) => {
  const { errors } = await room.app.execute(
    `query { channel(id: "${channelId}") { messages${args} { nodes { id } } } }`,
    {},
    { as: { user: 'ada' } },
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', ...expected });
});
