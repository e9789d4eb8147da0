import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld } from '../../test/world.ts';

const watchPresence = 'subscription ($userIds: [ID!]!) { presence(userIds: $userIds) { userId online lastActiveAt } }';
const seen = (client: RawClient) => client.events('1').map(({ userId, online }) => `${userId} ${online}`);

test('presence begins with where everybody is, then says every change', async () => {
  const world = await startWorld();
  world.api.online.add('bob');
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds: ['bob', 'eve', 'bob'] });
  await expect.poll(() => seen(client)).toEqual(['bob true', 'eve false']);
  world.api.notifyPresence('eve', true);
  world.api.notifyPresence('joe', true);
  world.api.notifyPresence('bob', false);
  await expect.poll(() => seen(client)).toEqual(['bob true', 'eve false', 'eve true', 'bob false']);
});

test('of a user whose presence is hidden no change is sent, and of one who is no longer hidden every one', async () => {
  const world = await startWorld();
  world.api.online.add('bob');
  world.api.hidden.add('bob');
  const reading = deferred();
  world.api.before.set('presence.read', () => reading.promise);
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds: ['bob', 'eve'] });
  await expect.poll(() => world.api.count('presence.read')).toBe(1);
  world.api.notifyPresence('bob', true);
  reading.resolve();
  await expect.poll(() => seen(client)).toEqual(['bob false', 'eve false']);
  world.api.notifyPresence('bob', true);
  world.api.notifyPresence('eve', true);
  await expect.poll(() => seen(client)).toEqual(['bob false', 'eve false', 'eve true']);
  world.api.hidden.clear();
  world.bus.cut();
  world.bus.heal();
  await expect.poll(() => seen(client), { timeout: 20_000 }).toContain('bob true');
  world.api.notifyPresence('bob', false);
  await expect.poll(() => seen(client).at(-1)).toBe('bob false');
});

test('who may not be seen any more, since no channel is shared, is seen no longer than ten seconds', async () => {
  const clock = fakeClock();
  const world = await startWorld({ clock });
  for (const id of ['bob', 'eve']) world.api.online.add(id);
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds: ['bob', 'eve'] });
  await expect.poll(() => seen(client)).toEqual(['bob true', 'eve true']);
  world.api.hidden.add('bob');
  clock.advance(10_000);
  await expect.poll(() => seen(client)).toEqual(['bob true', 'eve true', 'bob false']);
  world.api.notifyPresence('bob', true);
  world.api.notifyPresence('eve', false);
  await expect
    .poll(() => {
      clock.advance(1_000);
      return seen(client).at(-1);
    })
    .toBe('eve false');
  expect(seen(client)).toEqual(['bob true', 'eve true', 'bob false', 'eve false']);
});

test('a change while the state is being read comes after it', async () => {
  const world = await startWorld();
  const reading = deferred();
  world.api.before.set('presence.read', () => reading.promise);
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds: ['bob'] });
  await expect.poll(() => world.api.count('presence.read')).toBe(1);
  world.api.notifyPresence('bob', true);
  reading.resolve();
  await expect.poll(() => seen(client)).toEqual(['bob false', 'bob true']);
});

test('the state is said again when the bus was away', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds: ['bob'] });
  await expect.poll(() => seen(client)).toEqual(['bob false']);
  world.bus.cut();
  world.api.online.add('bob');
  world.bus.heal();
  await expect.poll(() => seen(client), { timeout: 20_000 }).toEqual(['bob false', 'bob true']);
});

test.each([
  ['nobody', [], 'userIds'],
  ['too many', Array.from({ length: 201 }, (_, n) => `user-${n}`), 'userIds'],
  ['a malformed id', ['bob', 'not an id'], 'userIds.1'],
])('a list that names %s is refused', async (_what, userIds, field) => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds });
  expect(await client.failure('1')).toMatchObject({ extensions: { code: 'invalid_input', field } });
});

const watchChanges =
  'subscription ($userIds: [ID!]!) { presenceChanges(userIds: $userIds) { userId online lastActiveAt } }';
/** Each result as the list that it is. */
const lists = (client: RawClient) =>
  client.events('1').map((list) => Object.values(list) as readonly { userId: string; online: boolean }[]);

test('many who come online at once are a few results, the first of them at once', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  const userIds = Array.from({ length: 200 }, (_, index) => `user-${index}`);
  client.subscribe('1', watchChanges, { userIds });
  await expect.poll(() => lists(client)).toHaveLength(1);
  expect(lists(client)[0]).toHaveLength(200);
  for (const userId of userIds) world.api.notifyPresence(userId, true);
  const online = () =>
    new Set(lists(client).flatMap((list) => list.flatMap((one) => (one.online ? [one.userId] : []))));
  await expect.poll(() => online().size, { timeout: 20_000 }).toBe(200);
  expect(lists(client).length).toBeLessThanOrEqual(4);
  expect(lists(client)[1]).toMatchObject([{ userId: 'user-0', online: true }]);
});

test('of one user who flaps the last state is sent', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', watchChanges, { userIds: ['bob', 'eve'] });
  await expect.poll(() => lists(client)).toHaveLength(1);
  world.api.notifyPresence('eve', true);
  for (const online of [true, false, true, false]) world.api.notifyPresence('bob', online);
  await expect.poll(() => lists(client)).toHaveLength(3);
  expect(lists(client).slice(1)).toMatchObject([[{ userId: 'eve', online: true }], [{ userId: 'bob', online: false }]]);
});
