import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, open, textsOf } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** Ada and bob in a channel; the back end has said something of bob that not everybody shall read. */
async function pair() {
  const app = await world.app();
  const id = await app.channel('ada', 'bob');
  await app.server.upsertUsers([
    { id: 'bob', name: 'Bob', image: 'https://example.com/bob.png', role: 'vip', custom: { plan: 'gold' } },
  ]);
  const [ada, bob] = [app.person('ada'), app.person('bob')];
  const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
  const authors = () => adas.messages.get().items.map(({ user }) => user);
  return { app, id, ada, bob, adas, bobs, authors };
}

test('when an app hides its users, those who are looking see it at once, and go on without a gap', async () => {
  const { app, ada, adas, bobs, authors } = await pair();
  ada.presence.watch(['bob']);
  await eventually(() => expect(ada.presence.of('bob').get()).toMatchObject({ online: true }));
  await bobs.send('one');
  await eventually(() => expect(authors()).toMatchObject([{ role: 'vip', custom: { plan: 'gold' } }]));

  await app.server.updateAppSettings({ userVisibility: 'SERVER', presenceVisible: false });
  await eventually(() => expect(ada.presence.of('bob').get()).toEqual({ online: false, lastActiveAt: null }));
  await bobs.send('two');
  await eventually(() => expect(textsOf(adas)).toEqual(['one', 'two']));
  expect(authors().at(-1)).toMatchObject({
    name: 'Bob',
    image: 'https://example.com/bob.png',
    role: 'user',
    custom: {},
    online: false,
    lastActiveAt: null,
  });
  expect((await ada.users()).items.map((user) => user.id)).toEqual(['ada']);
});

test('a replay shows no more than what is live', async () => {
  const { app, id, adas, bobs } = await pair();
  await bobs.send('one');
  await eventually(() => expect(textsOf(adas)).toEqual(['one']));
  await app.server.updateAppSettings({ userVisibility: 'SHARED_CHANNELS' });
  const eve = app.person('ada');
  const replayed: object[] = [];
  eve.subscribe<{ readonly channelEvents: object }>(
    `subscription ($id: ID!) { channelEvents(channelId: $id, after: 0) {
       ... on MessageCreated { actor { custom } message { user { name role custom online lastActiveAt } } } } }`,
    { id },
    { next: ({ channelEvents }) => replayed.push(channelEvents) },
  );
  await eventually(() =>
    expect(replayed).toContainEqual({
      actor: { custom: {} },
      message: { user: { name: 'Bob', role: 'user', custom: {}, online: false, lastActiveAt: null } },
    }),
  );
});

test('a back end keeps private data of a user, which the user reads and nobody else', async () => {
  const { app, ada, bob } = await pair();
  await app.server.upsertUsers([{ id: 'bob', name: 'Bob', private: { email: 'bob@example.com' } }]);
  const read = '{ user(id: "bob") { private } }';
  expect(await bob.execute(read)).toEqual({ user: { private: { email: 'bob@example.com' } } });
  expect(await ada.execute(read)).toEqual({ user: { private: null } });
  expect(await app.server.execute(read)).toEqual({ user: { private: { email: 'bob@example.com' } } });
});
