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
  const document = `query ($id: ID!) { channel(id: $id) { messages${args} { nodes { text } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
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

test.each([
  ['(first: 101)', { field: 'first', limit: 100 }],
  ['(last: 0)', { field: 'last', limit: 100 }],
  ['(first: -1)', { field: 'first', limit: 100 }],
  ['(first: 1, last: 1)', { field: 'last' }],
  ['(after: "nonsense")', { field: 'after' }],
  ['(before: "bm9uc2Vuc2U")', { field: 'before' }],
  ['(around: "7d444840-9dc0-11d1-b245-5ffdce74fad2")', { field: 'around' }],
  ['(around: "12")', { field: 'around' }],
])('%s is refused with the field', async (args, expected) => {
  const { errors } = await room.app.execute(
    `query { channel(id: "${channelId}") { messages${args} { nodes { id } } } }`,
    {},
    { as: { user: 'ada' } },
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', ...expected });
});
