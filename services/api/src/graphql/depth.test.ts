import { limits } from '@parley/contracts';
import { type GraphqlResult, subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoom, type Room } from '../../test/room.ts';
import { createWorld, type World } from '../../test/world.ts';

let world: World;
let room: Room;
beforeAll(async () => {
  world = await createWorld();
  room = await createRoom(world);
});
afterAll(() => world.close());

const nested = (levels: number, inside = '') => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`;
const customOf = (levels: number) => JSON.parse(`{"a":${nested(levels - 1)}}`);
const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id custom } }';

async function answer(
  init: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: NonNullable<RequestInit['body']>;
  },
  query = '',
): Promise<{ status: number; error: unknown }> {
  const token = await room.app.token('ada');
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const response = await fetch(`${world.url}/graphql${query}`, { ...init, headers });
  // What the node answers to GraphQL over HTTP has this shape.
  const { errors } = (await response.json()) as GraphqlResult;
  return { status: response.status, error: { message: errors?.[0]?.message, ...errors?.[0]?.extensions } };
}
const post = (body: string, type = 'application/json') =>
  answer({ method: 'POST', headers: { 'content-type': type }, body });

describe('custom data', () => {
  test('of the most levels is kept as it is', async () => {
    const channelId = await room.open('deep');
    const custom = customOf(limits.customDepth);
    const id = crypto.randomUUID();
    expect(await room.act('sendMessage', { channelId, id, text: 'hi', custom })).toMatchObject({ custom });
  });

  test.each([
    ['one level more', limits.customDepth + 1, limits.customDepth],
    ['2,400 levels', 2_400, limits.jsonDepth],
  ])('of %s is refused by name', async (_name, levels, limit) => {
    const channelId = await room.open('deep');
    const input = { channelId, id: crypto.randomUUID(), text: 'hi', custom: customOf(levels) };
    const body = `{"query":${JSON.stringify(send)},"variables":{"input":${JSON.stringify(input)}}}`;
    expect((await post(body)).error).toMatchObject({ code: 'invalid_input', field: 'custom', limit });
  });

  test('in the document itself is bounded as well', async () => {
    const channelId = await room.open('deep');
    const literal = (levels: number) =>
      `mutation { sendMessage(input: { channelId: "${channelId}", id: "${crypto.randomUUID()}", custom: { a: ${nested(levels)} } }) { id } }`;
    const query = (levels: number) => JSON.stringify({ query: literal(levels) });
    expect((await post(query(limits.customDepth))).error).toMatchObject({ code: 'invalid_input', field: 'custom' });
    expect((await post(query(500))).error).toMatchObject({ code: 'query_too_complex', limit: limits.jsonDepth });
  });
});

test.each([
  ['selections', '{a'.repeat(900)],
  ['lists', `{a(b:${'['.repeat(1_900)}`],
  ['objects', `{a(b:${'{c:'.repeat(600)}`],
  ['types', `query($a:${'['.repeat(1_900)}`],
])('a document of deep %s is too complex', async (_name, query) => {
  expect((await post(JSON.stringify({ query }))).error).toMatchObject({
    code: 'query_too_complex',
    limit: limits.jsonDepth,
    message: expect.stringContaining('nested over 64 levels'),
  });
});

describe('deep JSON', () => {
  const deep = nested(4_500);
  test.each([
    ['as variables of a body', () => post(`{"query":"{me{id}}","variables":{"a":${deep}}}`), 'a'],
    ['as extensions of a body', () => post(`{"query":"{me{id}}","extensions":{"a":${deep}}}`), 'extensions'],
    ['as variables of an address', () => answer({}, `?query={me{id}}&variables={"a":${nested(900)}}`), 'a'],
    ['as a body', () => post(deep), undefined],
  ])('%s is refused by name', async (_name, ask, field) => {
    const { status, error } = await ask();
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'invalid_input', limit: limits.jsonDepth, ...(field ? { field } : {}) });
  });

  test('cannot hide behind another encoding', async () => {
    const body = Buffer.from(`{"query":"{me{id}}","a":"\u2200","variables":{"a":${deep}}}`, 'utf16le');
    const headers = { 'content-type': 'application/json; charset=utf-16' };
    const { status, error } = await answer({ method: 'POST', headers, body });
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: expect.stringMatching(/^invalid_(query|input)$/) });
  });

  test('in a token is no token', async () => {
    const token = await room.app.token('ada', { claims: { a: JSON.parse(nested(1_000)) } });
    expect((await answer({ headers: { authorization: `Bearer ${token}` } }, '?query={me{id}}')).error).toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('nested over 64 levels'),
    });
  });

  test.each(['session.open', 'graphql.execute', 'channel.heads', 'health.ping'] as const)(
    'on the bus, to %s, is refused, and so is what is no JSON',
    async (method) => {
      for (const payload of [deep, '{', `{"items":${deep}}`, '"\\u0000"']) {
        const reply = await world.bus.request(subjects.rpc(method), payload, { timeoutMs: 5_000 });
        expect(JSON.parse(reply)).toMatchObject({ ok: false, fault: { code: 'invalid_input' } });
      }
    },
  );
});
