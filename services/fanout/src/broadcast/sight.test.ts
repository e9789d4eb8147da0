import type { User } from '@parley/contracts';
import { expect, test } from 'vitest';
import { created, messageOf, userOf } from '../../test/events.ts';
import { startWorld } from '../../test/world.ts';

const general = 'messaging:general';
const person = (id: string): User => ({
  ...userOf(id),
  role: 'vip',
  custom: { plan: 'gold' },
  online: true,
  lastActiveAt: '2026-01-01T00:00:00.000Z',
});
const user = 'id name role custom online lastActiveAt';
const watchAuthors = `subscription ($channelId: ID!, $after: Seq) { channelEvents(channelId: $channelId, after: $after) { __typename
  ... on MessageCreated { actor { ${user} } message { custom user { ${user} } mentionedUsers { aliased: custom } } } } }`;

test('each sees of the others in an event as much as the app shows, live and replayed, rendered once for all who see the same', async () => {
  const world = await startWorld();
  const names = { role: 'user', custom: {}, online: false, lastActiveAt: null };
  const expected = {
    all: person('ada'),
    'no-presence': { ...person('ada'), online: false, lastActiveAt: null },
    names: { ...person('ada'), ...names },
  };
  const event = {
    ...created(general, 'hello'),
    actor: person('ada'),
    message: {
      ...messageOf(general, 'hello'),
      // Of the message, not of a user: it stays.
      custom: { online: true, custom: 'mine' },
      user: person('ada'),
      mentionedUsers: [person('bob')],
    },
  };
  world.api.channel(general).append(event);
  const clients = [];
  for (const sight of ['all', 'no-presence', 'names'] as const)
    for (const userId of [`${sight}-1`, `${sight}-2`]) {
      const client = await world.connect(userId, { sight });
      client.subscribe('1', watchAuthors, { channelId: general, after: 0 });
      clients.push({ client, sight });
    }
  for (const { client } of clients) await client.synced('1');
  const before = world.fanout.stats().executions;
  world.api.channel(general).append(event);
  for (const { client, sight } of clients) {
    const created = () => client.events('1').filter((each) => each['__typename'] === 'MessageCreated');
    await expect.poll(created).toHaveLength(2);
    const { id, name, role, custom, online, lastActiveAt } = expected[sight];
    const author = { id, name, role, custom, online, lastActiveAt };
    for (const each of created())
      expect(each).toEqual({
        __typename: 'MessageCreated',
        actor: author,
        message: {
          custom: { online: true, custom: 'mine' },
          user: author,
          mentionedUsers: [{ aliased: sight === 'names' ? {} : { plan: 'gold' } }],
        },
      });
  }
  expect(world.fanout.stats().executions - before).toBe(3);
});
