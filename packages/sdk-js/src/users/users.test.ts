import { expect, test } from 'vitest';
import { channelData, FakeChannel, user } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

test('finds users page by page', async () => {
  const { client, network } = createWorld();
  network.handlers.set('Users', ({ variables }) => ({
    users: { nodes: [user('ada')], pageInfo: { hasNextPage: variables['after'] === undefined, endCursor: 'c1' } },
  }));
  const page = await client.users({ filter: { name: { startsWith: 'a' } }, first: 1 });
  expect(page).toMatchObject({ items: [{ id: 'ada' }], hasMore: true, cursor: 'c1' });
  expect(await client.users({ after: 'c1' })).toMatchObject({ hasMore: false });
  expect(network.named('Users')[0]?.variables).toEqual({ filter: { name: { startsWith: 'a' } }, first: 1 });
});

test('what the viewer changes about itself shows', async () => {
  const { client, network } = createWorld();
  new FakeChannel(network);
  network.handlers.set('updateMe', ({ variables }) => ({ updateMe: user('ada', variables['input'] as object) }));
  await client.updateMe({ name: 'Ada Lovelace' });
  expect(client.me.get()?.name).toBe('Ada Lovelace');
});

test('a channel that was created is the handle of its id', async () => {
  const { client, network } = createWorld();
  const server = new FakeChannel(network);
  network.handlers.set('createChannel', () => ({ createChannel: channelData({ id: server.id }) }));
  expect(await client.createChannel({ type: 'messaging', memberIds: ['ada', 'bob'] })).toBe(client.channel(server.id));
});
