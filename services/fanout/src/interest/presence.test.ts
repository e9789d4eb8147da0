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
  world.api.tellPresence('eve', true);
  world.api.tellPresence('joe', true);
  world.api.tellPresence('bob', false);
  await expect.poll(() => seen(client)).toEqual(['bob true', 'eve false', 'eve true', 'bob false']);
});

test('a change while the state is being read comes after it', async () => {
  const world = await startWorld();
  const reading = deferred();
  world.api.before.set('presence.read', () => reading.promise);
  const client = await world.connect('ada');
  client.subscribe('1', watchPresence, { userIds: ['bob'] });
  await expect.poll(() => world.api.count('presence.read')).toBe(1);
  world.api.tellPresence('bob', true);
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
  await expect.poll(() => seen(client), { timeout: 3_000 }).toEqual(['bob false', 'bob true']);
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
