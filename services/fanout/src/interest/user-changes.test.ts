import type { InboxEvent, User } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { buildUser } from '@parley/testkit/builders';
import { describe, expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created } from '../../test/events.ts';
import { startWorld } from '../../test/world.ts';

const general = 'messaging:general';
const livestream = 'livestream:show';
const show = { channelIds: [general] };

const watchNames = `subscription Watch($channelId: ID!, $after: Seq) {
  channelEvents(channelId: $channelId, after: $after) {
    __typename
    ... on LoggedEvent { seq actor { name } }
    ... on MessageCreated { message { text user { id name online } } }
    ... on UserUpdated { user { id name } }
    ... on ChannelSynced { seq }
    ... on ChannelReset { seq }
  }
}`;
const watchInbox = `subscription Inbox($after: String) { inbox(after: $after) { __typename cursor ... on InboxUserUpdated { user { name } } } }`;

/** Ada as of this minute. */
const adaAt = (minute: number, changes: Partial<User> = {}): User =>
  buildUser({
    id: 'ada',
    name: `Ada ${minute}`,
    updatedAt: new Date(Date.UTC(2026, 5, 1, 0, minute)).toISOString(),
    ...changes,
  });

type World = Awaited<ReturnType<typeof startWorld>>;
type Client = Awaited<ReturnType<World['connect']>>;

const namesIn = (client: Client, id = '1') =>
  client.events(id).flatMap((event) => {
    const { user } = event as { readonly user?: { readonly name: string } };
    return event['__typename'] === 'UserUpdated' ? [user?.name] : [];
  });
const kinds = (client: Client, id = '1') => client.events(id).map(({ __typename }) => __typename);
const authors = (client: Client, id = '1') =>
  client.events(id).flatMap((event) => {
    const { message } = event as {
      readonly message?: { readonly user: { readonly name: string; readonly online: boolean } };
    };
    return message === undefined ? [] : [`${message.user.name}${message.user.online ? ' online' : ''}`];
  });

async function watching(world: World, channelId = general, after?: number) {
  const client = await world.connect('bob');
  client.subscribe('1', watchNames, after === undefined ? { channelId } : { channelId, after });
  await client.synced('1');
  return client;
}

describe('a changed profile', () => {
  test('is shown at once to those who watch a channel of the user, rendered once for all, and to no others', async () => {
    const world = await startWorld();
    const clients = [await watching(world), await watching(world)];
    const elsewhere = await watching(world, 'messaging:other');
    const before = world.fanout.stats().executions;
    world.api.changeUser(adaAt(1), show);
    for (const client of clients) await expect.poll(() => namesIn(client)).toEqual(['Ada 1']);
    expect(world.fanout.stats().executions - before).toBe(1);
    expect(namesIn(elsewhere)).toEqual([]);
  });

  test('is shown in an open channel to which the user wrote lately without being a member', async () => {
    const world = await startWorld();
    const [open, closed] = [await watching(world, livestream), await watching(world)];
    world.api.channel(livestream).append(created(livestream, 'hello'));
    world.api.channel(general).append(created(general, 'hello'));
    for (const client of [open, closed]) await expect.poll(() => authors(client)).toHaveLength(1);
    world.api.changeUser(adaAt(1));
    await expect.poll(() => namesIn(open)).toEqual(['Ada 1']);
    expect(namesIn(closed)).toEqual([]);
  });

  test('is shown once, though it is asked for again, and though the notice was lost', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const client = await watching(world);
    world.api.changeUser(adaAt(1), { ...show, notice: false });
    await vi.waitFor(async () => {
      await clock.advanceAsync(1_000);
      expect(namesIn(client)).toEqual(['Ada 1']);
    });
    const asked = world.api.count('users.recent');
    await vi.waitFor(async () => {
      await clock.advanceAsync(5_000);
      expect(world.api.count('users.recent')).toBeGreaterThan(asked + 2);
    });
    world.api.changeUser(adaAt(2), { ...show, notice: false });
    await vi.waitFor(async () => {
      await clock.advanceAsync(1_000);
      expect(namesIn(client)).toEqual(['Ada 1', 'Ada 2']);
    });
  });

  test('that could not be asked for is asked for again', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const client = await watching(world);
    world.api.before.set('users.recent', () => Promise.reject(new Error('the API stumbles')));
    world.api.changeUser(adaAt(1), show);
    await vi.waitFor(async () => {
      await clock.advanceAsync(100);
      expect(world.api.count('users.recent')).toBeGreaterThan(0);
    });
    world.api.before.clear();
    await vi.waitFor(async () => {
      await clock.advanceAsync(1_000);
      expect(namesIn(client)).toEqual(['Ada 1']);
    });
  });

  test('is not taken back by an event whose writer read the user just before', async () => {
    const world = await startWorld();
    const client = await watching(world);
    world.api.changeUser(adaAt(1), show);
    await expect.poll(() => namesIn(client)).toEqual(['Ada 1']);
    world.api.channel(general).append(created(general, 'written meanwhile'));
    await expect.poll(() => authors(client)).toEqual(['Ada 1']);
    expect(client.events('1').at(-1)).toMatchObject({ actor: { name: 'Ada 1' } });
  });

  test('reaches the inboxes of those who share a channel, at the position where they are', async () => {
    const world = await startWorld();
    const synced: InboxEvent = { __typename: 'InboxSynced', at: new Date(0).toISOString(), cursor: 'c7', epoch: 'one' };
    world.api.inboxPages = [[synced]];
    const [bob, eve] = [await world.connect('bob'), await world.connect('eve')];
    for (const client of [bob, eve]) client.subscribe('1', watchInbox);
    for (const client of [bob, eve]) await expect.poll(() => kinds(client)).toEqual(['InboxSynced']);
    world.api.changeUser(adaAt(1), { viewerIds: ['bob'] });
    await expect
      .poll(() => bob.events('1').at(-1))
      .toEqual({
        __typename: 'InboxUserUpdated',
        cursor: 'c7',
        user: { name: 'Ada 1' },
      });
    expect(kinds(eve)).toEqual(['InboxSynced']);
  });

  test('that comes while an inbox is being opened is told of afterwards', async () => {
    const world = await startWorld();
    const synced: InboxEvent = { __typename: 'InboxSynced', at: new Date(0).toISOString(), cursor: 'c7', epoch: 'one' };
    world.api.inboxPages = [[synced]];
    const opened = deferred();
    world.api.before.set('inbox.open', () => opened.promise);
    const bob = await world.connect('bob');
    bob.subscribe('1', watchInbox);
    await expect.poll(() => world.api.count('inbox.open')).toBe(1);
    world.api.changeUser(adaAt(1), { viewerIds: ['bob'] });
    await expect.poll(() => world.api.count('users.recent')).toBeGreaterThan(0);
    opened.resolve();
    await expect.poll(() => kinds(bob)).toEqual(['InboxSynced', 'InboxUserUpdated']);
  });
});

describe('a replay', () => {
  test('from the buffer shows users as they are now, rendered once for all', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    await watching(world);
    for (const text of ['one', 'two', 'three']) channel.append(created(general, text));
    world.api.users.set('ada', adaAt(1, { online: false }));
    const first = await watching(world, general, 0);
    expect(authors(first)).toEqual(['Ada 1', 'Ada 1', 'Ada 1']);
    const before = world.fanout.stats().executions;
    const second = await watching(world, general, 0);
    expect(authors(second)).toEqual(authors(first));
    // Of ChannelSynced.
    expect(world.fanout.stats().executions - before).toBeLessThanOrEqual(1);
    expect(world.api.count('channel.events')).toBe(0);
  });

  test('asks once for many who resume at the same time', async () => {
    const world = await startWorld({ limits: { socketsPerUser: 100 } });
    const channel = world.api.channel(general);
    await watching(world);
    for (let n = 0; n < 40; n += 1) channel.append(created(general, `${n}`));
    world.api.users.set('ada', adaAt(1));
    const clients = await Promise.all(Array.from({ length: 20 }, () => watching(world, general, 0)));
    for (const client of clients) expect(new Set(authors(client))).toEqual(new Set(['Ada 1']));
    expect(world.api.count('users.read')).toBeLessThanOrEqual(2);
  });

  test('is followed by the members who changed since, before ChannelSynced', async () => {
    const world = await startWorld();
    world.api.channel(general).append(created(general, 'one'), created(general, 'two'));
    world.api.changedMembers = [buildUser({ id: 'joe', name: 'Joseph' })];
    const client = await watching(world, general, 1);
    expect(kinds(client)).toEqual(['MessageCreated', 'UserUpdated', 'ChannelSynced']);
    expect(namesIn(client)).toEqual(['Joseph']);
    // Who begins at the head has asked for all of it just now.
    expect(namesIn(await watching(world))).toEqual([]);
  });

  test('of a channel in which too many changed begins with ChannelReset', async () => {
    const world = await startWorld();
    world.api.channel(general).append(created(general, 'one'), created(general, 'two'));
    world.api.changedMembers = null;
    expect(kinds(await watching(world, general, 1))).toEqual(['ChannelReset', 'ChannelSynced']);
  });

  test('shows a change that comes in the middle of it, and tells of it at the end', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    await watching(world);
    for (let n = 0; n < 40; n += 1) channel.append(created(general, `${n}`));
    world.api.users.set('ada', adaAt(1));
    const asked = deferred();
    world.api.after.set('users.read', () => asked.promise);
    const client = await world.connect('bob');
    client.subscribe('1', watchNames, { channelId: general, after: 0 });
    await expect.poll(() => world.api.count('users.read')).toBe(1);
    world.api.changeUser(adaAt(2), show);
    await expect.poll(() => world.api.count('users.recent')).toBeGreaterThan(0);
    asked.resolve();
    await client.synced('1');
    expect(kinds(client).slice(-2)).toEqual(['UserUpdated', 'ChannelSynced']);
    expect(namesIn(client)).toEqual(['Ada 2']);
  });
});
