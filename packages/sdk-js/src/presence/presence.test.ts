import { expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

async function presenceWorld() {
  const world = createWorld();
  new FakeChannel(world.network);
  await world.client.connect();
  world.network.onStream.set('Presence', (stream) => {
    const userIds = stream.variables['userIds'] as string[];
    stream.next({
      presenceChanges: userIds.map((userId) => ({
        __typename: 'PresenceChanged',
        userId,
        online: true,
        lastActiveAt: null,
      })),
    });
  });
  const followed = () => world.network.openStreams('Presence').map(({ variables }) => variables['userIds']);
  return { ...world, presence: world.client.presence, followed };
}

test('is unknown until watched, and the same store for the same user', async () => {
  const { presence, clock } = await presenceWorld();
  const bob = presence.of('bob');
  expect(bob).toBe(presence.of('bob'));
  expect(bob.get()).toBeNull();
  presence.watch(['bob']);
  await clock.advanceAsync(50);
  expect(bob.get()).toEqual({ online: true, lastActiveAt: null });
});

test('watches that come together become one subscription', async () => {
  const { presence, clock, followed } = await presenceWorld();
  presence.watch(['bob', 'eve']);
  presence.watch(['joe', 'bob']);
  await clock.advanceAsync(50);
  expect(followed()).toEqual([['bob', 'eve', 'joe']]);
});

test('a user stays watched until the last watcher is gone', async () => {
  const { presence, clock, followed } = await presenceWorld();
  const first = presence.watch(['bob', 'eve']);
  const second = presence.watch(['bob']);
  await clock.advanceAsync(50);
  first();
  first();
  await clock.advanceAsync(50);
  expect(followed()).toEqual([['bob']]);
  expect(presence.of('eve').get()).toBeNull();
  second();
  await clock.advanceAsync(0);
  expect(followed()).toEqual([]);
});

test('more users than one subscription may name are split', async () => {
  const { presence, clock, followed } = await presenceWorld();
  presence.watch(Array.from({ length: 450 }, (_, index) => `user-${index}`));
  await clock.advanceAsync(50);
  expect(followed().map((ids) => (ids as string[]).length)).toEqual([200, 200, 50]);
});

test('comes back after a cut', async () => {
  const { presence, clock, network, followed } = await presenceWorld();
  presence.watch(['bob']);
  await clock.advanceAsync(50);
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(followed()).toEqual([['bob']]);
});

test('a wrong user id is refused where it is given', async () => {
  const { presence } = await presenceWorld();
  expect(() => presence.watch(['no spaces'])).toThrow(/user id/);
});
