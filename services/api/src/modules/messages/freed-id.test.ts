import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import { createWorld, type World } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A message that was quoted and replied to and then deleted for good, whose id somebody sends again elsewhere. */
async function freedId(elsewhere: 'another channel' | 'the same channel') {
  const room = await createRoom(world);
  await room.open('private', ['ada', 'bob']);
  await room.open('own', ['eve']);
  const id = randomUUID();
  const quoteId = randomUUID();
  const channelId = 'messaging:private';
  await room.act('sendMessage', { id, channelId, text: 'root' }, 'ada');
  await room.act('sendMessage', { id: quoteId, channelId, text: 'a quote', quotedId: id }, 'bob');
  await room.act('sendMessage', { channelId, text: 'a private reply', parentId: id }, 'bob');
  await room.act('deleteMessage', { messageId: id, hard: true }, 'server');
  const again = { id, text: 'from elsewhere' };
  if (elsewhere === 'another channel') await room.act('sendMessage', { ...again, channelId: 'messaging:own' }, 'eve');
  else await room.act('sendMessage', { ...again, channelId }, 'ada');
  return { room, id, quoteId, channelId };
}

const quoteOf = 'query($id: ID!) { message(id: $id) { quoted { text } } }';
const repliesOf = 'query($id: ID!) { message(id: $id) { text replies { nodes { text } } } }';

test('the id of a message that was deleted for good shows its replies to nobody who sends it elsewhere', async () => {
  const { room, id } = await freedId('another channel');
  expect(await room.app.data(repliesOf, { id }, { as: { user: 'eve' } })).toEqual({
    message: { text: 'from elsewhere', replies: { nodes: [] } },
  });
});

test.each(['another channel', 'the same channel'] as const)(
  'words that are sent under such an id in %s come into no quote and no event of before',
  async (elsewhere) => {
    const { room, quoteId, channelId } = await freedId(elsewhere);
    expect(await room.app.data(quoteOf, { id: quoteId }, { as: { user: 'bob' } })).toEqual({
      message: { quoted: null },
    });
    const page = await world.call('channel.events', { appId: room.app.appId, channelId, after: 0, limit: 5 });
    expect(JSON.stringify(page.events)).not.toContain('from elsewhere');
  },
);
