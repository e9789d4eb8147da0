import type { LoggedEvent } from '@parley/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoom, type Room } from './room.ts';
import { createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface Scene extends Room {
  readonly channelId: string;
  readonly messageId: string;
}

/** What somebody does to have an event of each kind. A kind that is missing is a type error. */
const deeds: { readonly [Name in LoggedEvent['__typename']]: (scene: Scene) => Promise<unknown> } = {
  MessageCreated: ({ act, channelId }) => act('sendMessage', { channelId, text: 'hello' }),
  MessageUpdated: ({ act, messageId }) => act('updateMessage', { messageId, text: 'hello again' }),
  MessageDeleted: ({ act, messageId }) => act('deleteMessage', { messageId }),
  ReactionAdded: ({ act, messageId }) => act('addReaction', { messageId, type: 'like' }),
  async ReactionRemoved({ act, messageId }) {
    await act('addReaction', { messageId, type: 'like' });
    await act('removeReaction', { messageId, type: 'like' });
  },
  MembersAdded: ({ act, channelId }) => act('addMembers', { channelId, members: [{ userId: 'eve' }] }),
  MembersRemoved: ({ act, channelId }) => act('removeMembers', { channelId, userIds: ['bob'] }),
  ChannelUpdated: ({ act, channelId }) => act('updateChannel', { channelId, name: 'Another' }),
  ChannelDeleted: ({ act, channelId }) => act('deleteChannel', { channelId }),
};

test.each(Object.entries(deeds))('an event of the kind %s enters the log when somebody does it', async (name, deed) => {
  const room = await createRoom(world);
  const channelId = await room.open('general');
  const { id: messageId, seq } = await room.act('sendMessage', { channelId, text: 'first' });
  await deed({ ...room, channelId, messageId });
  const rows = await world.db.query<{ name: string }>(
    `SELECT payload ->> '__typename' AS name FROM channel_events WHERE app_id = $1 AND channel_id = $2 AND seq > $3 ORDER BY seq`,
    [room.app.appId, channelId, seq],
  );
  expect(rows.at(-1)?.name).toBe(name);
});
