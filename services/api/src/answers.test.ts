import { limits } from '@parley/contracts';
import type { GraphqlResult, Principal } from '@parley/contracts/bus';
import { busPayloadBytes } from '@parley/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChannel } from '../test/chat.ts';
import type { World, WorldApp } from '../test/world.ts';
import { createWorld } from '../test/world.ts';

let world: World;
let app: WorldApp;
const kibibyte = 1024;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
  await fill('messaging:large', 100, 90 * kibibyte);
  await fill('messaging:half', 100, 40 * kibibyte);
  await fill('messaging:small', 100, 100);
});
afterAll(() => world.close());

/** Messages of ada, each with so many bytes of attachments. */
async function fill(channelId: string, count: number, bytes: number): Promise<void> {
  await openChannel(world.db, app.appId, channelId, ['ada']);
  await world.db.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text, attachments)
       SELECT $1, gen_random_uuid(), $2, n, 'ada', 'message ' || n,
              json_build_array(json_build_object('id', 'a', 'type', 'file', 'custom', json_build_object('x', repeat('x', $4))))
         FROM generate_series(1, $3) n`,
    [app.appId, channelId, count, bytes],
  );
}

const asAda = { as: { user: 'ada' } } as const;
const codeIn = ({ errors }: GraphqlResult) => errors?.[0]?.extensions;
const repeat = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ');
const messages = 'messages(last: 100) { nodes { id text attachments { custom } } }';

test('an answer of some megabytes arrives whole', async () => {
  const { channel } = await app.data<{
    channel: { messages: { nodes: { text: string; attachments: { custom: { x: string } }[] }[] } };
  }>(`{ channel(id: "messaging:half") { ${messages} } }`, {}, asAda);
  const { nodes } = channel.messages;
  expect(nodes.map(({ text }) => text)).toEqual(Array.from({ length: 100 }, (_, at) => `message ${at + 1}`));
  expect(nodes.every(({ attachments }) => attachments[0]?.custom.x.length === 40 * kibibyte)).toBe(true);
});

test('one that would be larger than an answer may be is refused, with the field that broke it and the limit', async () => {
  const refused = await app.execute(`{ channel(id: "messaging:large") { ${messages} } }`, {}, asAda);
  expect(refused.data).toBeUndefined();
  expect(refused.errors).toHaveLength(1);
  expect(codeIn(refused)).toMatchObject({
    code: 'query_too_complex',
    limit: limits.answerBytes,
    field: expect.stringMatching(/^channel\.messages\.nodes\.\d+\./),
  });
});

test('many pages under aliases are read one after the other, and no more of them than it takes to know', async () => {
  const aliased = `{ ${repeat(30, (at) => `a${at}: channel(id: "messaging:large") { messages(last: ${100 - at}) { nodes { id } } }`)} }`;
  const { value, statements } = await world.statements(() => app.execute(aliased, {}, asAda));
  expect(codeIn(value)).toMatchObject({
    code: 'query_too_complex',
    limit: limits.answerRowsBytes,
    field: expect.stringMatching(/^a\d\.messages$/),
  });
  expect(statements.filter((text) => text.includes('wanted.id')).length).toBeLessThan(4);
});

test('one page that is loaded once and shown often is counted as often', async () => {
  const refused = await app.execute(
    `{ ${repeat(3, (at) => `a${at}: channel(id: "messaging:half") { ${messages} }`)} }`,
    {},
    asAda,
  );
  expect(codeIn(refused)).toMatchObject({ code: 'query_too_complex', limit: limits.answerBytes });
});

test('a list asks for as many statements as one item, also when it is given in slices', async () => {
  for (let at = 0; at < 20; at += 1) await openChannel(world.db, app.appId, `messaging:c${at}`, ['ada']);
  const load = (count: number) =>
    world.statements(() =>
      app.data(
        `{ channels(first: ${count}) { nodes { id viewer { unreadCount } members { nodes { role } } messages(last: 1) { nodes { id ownReactions { type } } } } } }`,
        {},
        asAda,
      ),
    );
  const [one, many] = [await load(1), await load(20)];
  expect(many.statements.length).toBe(one.statements.length);
});

test('over the bus an answer is one message, and one that is larger is refused in the same way', async () => {
  const principal: Principal = await world.call('session.open', { token: await app.token('ada'), origin: null });
  const ask = (query: string) => world.call('graphql.execute', { principal, operation: { query }, requestId: 'r' });
  const refused = await ask(`{ channel(id: "messaging:half") { ${messages} } }`);
  expect(codeIn(refused)).toMatchObject({
    code: 'query_too_complex',
    field: expect.stringMatching(/^channel\.messages\.nodes\./),
  });
  expect(Number(codeIn(refused)?.['limit'])).toBeLessThan(busPayloadBytes);
  const whole = await ask(
    `{ channel(id: "messaging:half") { messages(last: 20) { nodes { id attachments { custom } } } } }`,
  );
  expect(whole.errors).toBeUndefined();
});
