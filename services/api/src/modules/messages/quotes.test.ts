import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import { createWorld, type World } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const quotes = 'id text quotedId quoted { text quotedId quoted { text quotedId quoted { text quotedId } } }';
const messageOf = `query ($id: ID!) { message(id: $id) { ${quotes} } }`;
const pageOf = `query ($id: ID!) { channel(id: $id) { messages(last: 100) { nodes { ${quotes} } } } }`;

/** one ◄ two ◄ three ◄ four, each of which quotes the one before. */
async function chain() {
  const room = await createRoom(world);
  const channelId = await room.open('general', ['ada', 'bob']);
  const say = async (text: string, quotedId?: string) =>
    (await room.act('sendMessage', { channelId, text, ...(quotedId === undefined ? {} : { quotedId }) })).id;
  const one = await say('one');
  const two = await say('two', one);
  const three = await say('three', two);
  const four = await say('four', three);
  const read = async (id: string) => (await room.query<{ message: unknown }>(messageOf, { id })).message;
  return { room, channelId, say, one, two, three, four, read };
}

test('a quote of a quote of a quote is what those messages are when they are asked for themselves', async () => {
  const { read, one, two, three, four } = await chain();
  const whole = (id: string, text: string, quotedId: string | null, quoted: unknown) => ({
    id,
    text,
    quotedId,
    quoted,
  });
  const oneAlone = { text: 'one', quotedId: null };
  expect(await read(four)).toEqual(
    whole(four, 'four', three, {
      text: 'three',
      quotedId: two,
      quoted: { text: 'two', quotedId: one, quoted: oneAlone },
    }),
  );
  expect(await read(two)).toEqual(whole(two, 'two', one, { ...oneAlone, quoted: null }));
});

test('a page of such messages costs one statement for each level, however many they are', async () => {
  const { room, channelId, say, three } = await chain();
  const read = () => room.query(pageOf, { id: channelId });
  await read();
  const few = await world.statements(read);
  for (let n = 0; n < 20; n += 1) await say(`again ${n}`, three);
  const many = await world.statements(read);
  expect(many.statements.length).toBe(few.statements.length);
});

test('a message that was deleted quotes nothing, wherever it is reached', async () => {
  const { room, read, two, three, four } = await chain();
  const answer = await room.query(
    'mutation ($id: ID!) { deleteMessage(input: { messageId: $id }) { quotedId quoted { id } } }',
    { id: three },
  );
  expect(answer).toEqual({ deleteMessage: { quotedId: null, quoted: null } });
  expect(await read(four)).toMatchObject({ quotedId: three, quoted: { text: '', quotedId: null, quoted: null } });
  expect(await read(three)).toMatchObject({ text: '', quotedId: null, quoted: null });
  expect(await read(two)).toMatchObject({ text: 'two', quoted: { text: 'one' } });
});

test('the id of what is quoted stays when that is gone for good, and whoever takes the id is not quoted by it', async () => {
  const { room, channelId, read, one, two, three } = await chain();
  await room.act('deleteMessage', { messageId: one, hard: true }, 'server');
  expect(await read(three)).toMatchObject({ quoted: { text: 'two', quotedId: one, quoted: null } });
  await room.act('sendMessage', { channelId, text: 'another', id: one });
  expect(await read(three)).toMatchObject({ quoted: { text: 'two', quotedId: one, quoted: null } });
  const [event] = (await room.events(channelId)).filter((each) => 'message' in each && each.message.id === two);
  expect(event).toMatchObject({ message: { quotedId: one, quoted: null } });
});

test('events say what is quoted, live and when they are read again', async () => {
  const { room, channelId, two, three } = await chain();
  const of = async () =>
    (await room.events(channelId)).flatMap((each) =>
      'message' in each && each.message.id === three ? [[each.message.quotedId, each.message.quoted?.id]] : [],
    );
  expect(await of()).toEqual([[two, two]]);
  await room.act('deleteMessage', { messageId: three });
  expect(await of()).toEqual([
    [null, undefined],
    [null, undefined],
  ]);
});
