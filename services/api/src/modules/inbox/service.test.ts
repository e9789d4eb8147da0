import type { InboxEvent } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createWorld, type World, type WorldApp } from '../../../test/world.ts';
import { encodeCursor } from '../../platform/page.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const room = 'messaging:room';

interface Person {
  readonly id: string;
  readonly principal: Principal;
  readonly events: InboxEvent[];
  run(
    document: string,
    input: Record<string, string | number | boolean | string[] | null | object[]>,
  ): Promise<unknown>;
}

async function person(app: WorldApp, id: string): Promise<Person> {
  const principal = await world.call('session.open', { token: await app.token(id), origin: null });
  await world.call('presence.renew', { nodeId: 'test', ttlMs: 60_000, users: [{ appId: app.appId, userId: id }] });
  const events: InboxEvent[] = [];
  world.bus.subscribe(subjects.user(app.appId, id), (payload) => events.push(...JSON.parse(payload).events));
  return {
    id,
    principal,
    events,
    run: async (document, input) =>
      app.data(
        `mutation ($input: ${document}Input!) { ${document[0]?.toLowerCase()}${document.slice(1)}(input: $input) { __typename } }`,
        { input: JSON.parse(JSON.stringify(input)) },
        // A key that a user chooses is in a space of its own.
        { as: document === 'CreateChannel' ? { token: await app.serverToken(id) } : { user: id } },
      ),
  };
}

async function party() {
  const app = await world.app();
  const [ada, bob] = [await person(app, 'ada'), await person(app, 'bob')];
  await ada.run('CreateChannel', { type: 'messaging', key: 'room', memberIds: ['bob'] });
  return { app, ada, bob };
}

const send = (from: Person, text: string, extra: Record<string, string[]> = {}) =>
  from.run('SendMessage', { channelId: room, text, ...extra });
const of = <Name extends InboxEvent['__typename']>(events: readonly InboxEvent[], name: Name) =>
  events.filter((event): event is Extract<InboxEvent, { __typename: Name }> => event.__typename === name);

async function everything(who: Person, after: string | null): Promise<InboxEvent[]> {
  const events: InboxEvent[] = [];
  let page: string | null = null;
  for (;;) {
    const answer: { events: readonly InboxEvent[]; next: string | null } = await world.call('inbox.open', {
      principal: who.principal,
      after,
      page,
    });
    events.push(...answer.events);
    if (answer.next === null) return events;
    page = answer.next;
  }
}

const cursorNow = async (who: Person) => (await everything(who, null)).at(-1)?.cursor ?? '';
/** As if the cursor had been given so long ago that the overlap does not matter. */
const cursorBefore = (ms: number) => encodeCursor(new Date(Date.now() - ms).toISOString());

describe('a member who is online', () => {
  test('is told of a new channel, of messages in it, and of its totals', async () => {
    const { ada, bob } = await party();
    await eventually(() =>
      expect(of(bob.events, 'ChannelJoined').at(-1)?.channel).toMatchObject({ id: room, memberCount: 2 }),
    );
    await send(ada, 'one');
    await send(ada, 'two @bob', { mentionedUserIds: ['bob'] });
    await eventually(() =>
      expect(of(bob.events, 'ChannelBumped').at(-1)).toMatchObject({
        channelId: room,
        seq: 3,
        unreadCount: 2,
        unreadMentions: 1,
        lastMessage: { text: 'two @bob', user: { id: 'ada' } },
      }),
    );
    await eventually(() =>
      expect(of(bob.events, 'UnreadChanged').at(-1)).toMatchObject({ totalUnread: 2, unreadChannels: 1 }),
    );
    await eventually(() => expect(of(ada.events, 'ChannelBumped').at(-1)).toMatchObject({ seq: 3, unreadCount: 0 }));
  });

  test('hears of a burst a few times only, and in the end the truth', async () => {
    const { ada, bob } = await party();
    await eventually(() => expect(of(bob.events, 'ChannelJoined')).toHaveLength(1));
    await Promise.all(Array.from({ length: 60 }, (_, index) => send(ada, `${index}`)));
    await eventually(() => expect(of(bob.events, 'ChannelBumped').at(-1)).toMatchObject({ seq: 61, unreadCount: 60 }));
    expect(of(bob.events, 'ChannelBumped').length).toBeLessThan(60);
  });

  test('a read on one device reaches the others', async () => {
    const { ada, bob } = await party();
    await send(ada, 'one');
    await eventually(() => expect(of(bob.events, 'ChannelBumped').at(-1)).toMatchObject({ unreadCount: 1 }));
    await bob.run('MarkRead', { channelId: room });
    await eventually(() => expect(of(bob.events, 'ChannelBumped').at(-1)).toMatchObject({ unreadCount: 0, seq: 2 }));
    await eventually(() =>
      expect(of(bob.events, 'UnreadChanged').at(-1)).toMatchObject({ totalUnread: 0, unreadChannels: 0 }),
    );
  });

  test('is told why it is no longer in a channel', async () => {
    const { ada, bob } = await party();
    await send(ada, 'one');
    await ada.run('RemoveMembers', { channelId: room, userIds: ['bob'] });
    await eventually(() =>
      expect(of(bob.events, 'ChannelLeft').at(-1)).toMatchObject({ channelId: room, reason: 'removed' }),
    );
    await eventually(() => expect(of(bob.events, 'UnreadChanged').at(-1)).toMatchObject({ totalUnread: 0 }));
    await ada.run('AddMembers', { channelId: room, members: [{ userId: 'bob' }] });
    await eventually(() =>
      expect(bob.events.findLast((event) => event.__typename.startsWith('Channel'))?.__typename).toBe('ChannelBumped'),
    );
    await bob.run('RemoveMembers', { channelId: room, userIds: ['bob'] });
    await eventually(() => expect(of(bob.events, 'ChannelLeft').at(-1)).toMatchObject({ reason: 'left' }));
    await ada.run('DeleteChannel', { channelId: room });
    await eventually(() => expect(of(ada.events, 'ChannelLeft').at(-1)).toMatchObject({ reason: 'deleted' }));
    expect(of(bob.events, 'ChannelLeft').at(-1)).toMatchObject({ reason: 'left' });
  });

  test('a user who is no member gets nothing', async () => {
    const { app, ada, bob } = await party();
    const eve = await person(app, 'eve');
    await send(ada, 'one');
    await eventually(() => expect(of(bob.events, 'ChannelBumped').at(-1)).toMatchObject({ unreadCount: 1 }));
    expect(eve.events).toEqual([]);
  });
});

describe('coming back', () => {
  test('for the first time gives the totals and a cursor', async () => {
    const { ada, bob } = await party();
    await send(ada, 'one');
    expect(await everything(bob, null)).toMatchObject([
      { __typename: 'UnreadChanged', totalUnread: 1, unreadChannels: 1 },
      { __typename: 'InboxSynced', cursor: expect.any(String) },
    ]);
  });

  test('gives what became of each channel meanwhile, and nothing of the others', async () => {
    const app = await world.app();
    const [ada, bob] = [await person(app, 'ada'), await person(app, 'bob')];
    const create = (key: string) => ada.run('CreateChannel', { type: 'messaging', key, memberIds: ['bob'] });
    for (const key of ['quiet', 'busy', 'left', 'read', 'deleted', 'gone-long']) await create(key);
    await ada.run('RemoveMembers', { channelId: 'messaging:gone-long', userIds: ['bob'] });
    const hourAgo = `now() - interval '1 hour'`;
    await world.db.query(
      `UPDATE members SET created_at = ${hourAgo}, updated_at = ${hourAgo}, left_at = left_at - interval '1 hour' WHERE app_id = $1`,
      [app.appId],
    );
    await world.db.query(`UPDATE channels SET head_at = ${hourAgo}, updated_at = ${hourAgo} WHERE app_id = $1`, [
      app.appId,
    ]);

    const say = (key: string) => ada.run('SendMessage', { channelId: `messaging:${key}`, text: 'news' });
    await say('busy');
    await say('gone-long');
    await ada.run('RemoveMembers', { channelId: 'messaging:left', userIds: ['bob'] });
    await bob.run('MarkRead', { channelId: 'messaging:read' });
    await ada.run('DeleteChannel', { channelId: 'messaging:deleted' });
    await create('new');

    const events = await everything(bob, cursorBefore(10 * 60_000));
    expect(events.map((event) => [event.__typename, 'channelId' in event ? event.channelId : null])).toEqual([
      ['ChannelBumped', 'messaging:busy'],
      ['ChannelLeft', 'messaging:deleted'],
      ['ChannelLeft', 'messaging:left'],
      ['ChannelJoined', null],
      ['ChannelBumped', 'messaging:new'],
      ['UnreadChanged', null],
      ['InboxSynced', null],
    ]);
    expect(of(events, 'ChannelBumped')[0]).toMatchObject({ unreadCount: 1, lastMessage: { text: 'news' } });
    expect(of(events, 'ChannelLeft').map((event) => event.reason)).toEqual(['deleted', 'removed']);
  });

  test('misses nothing that a slow transaction commits after the cursor was given', async () => {
    const { app, ada, bob } = await party();
    await send(ada, 'one');
    await world.db.query(
      `UPDATE members SET created_at = now() - interval '1 hour', updated_at = now() - interval '1 hour' WHERE app_id = $1`,
      [app.appId],
    );
    const cursor = await cursorNow(bob);
    // What a transaction writes that began nine seconds before it commits.
    await world.db.query(
      `UPDATE channels SET head_at = now() - interval '9 seconds', updated_at = now() - interval '1 hour' WHERE app_id = $1`,
      [app.appId],
    );
    expect(of(await everything(bob, cursor), 'ChannelBumped')).toHaveLength(1);
  });

  test('to many channels goes page by page, each once', async () => {
    const app = await world.app();
    const bob = await person(app, 'bob');
    await world.db.query(
      `INSERT INTO channels (app_id, channel_id, type, key, seq, head_at) SELECT $1, 'messaging:' || n, 'messaging', n, 0, now() FROM generate_series(1000, 1249) n`,
      [app.appId],
    );
    await world.db.query(
      `INSERT INTO members (app_id, channel_id, user_id, created_at) SELECT app_id, channel_id, 'bob', now() - interval '1 hour' FROM channels WHERE app_id = $1`,
      [app.appId],
    );
    const bumps = of(await everything(bob, cursorBefore(60_000)), 'ChannelBumped').map((event) => event.channelId);
    expect(bumps).toEqual(Array.from({ length: 250 }, (_, index) => `messaging:${1_000 + index}`));
  });

  test('with large messages keeps each page within a bus message', async () => {
    const app = await world.app();
    const [ada, bob] = [await person(app, 'ada'), await person(app, 'bob')];
    const text = '汉'.repeat(10_000);
    for (let index = 10; index < 40; index += 1) {
      await ada.run('CreateChannel', { type: 'messaging', key: `${index}`, memberIds: ['bob'] });
      await ada.run('SendMessage', { channelId: `messaging:${index}`, text });
    }
    const seen: string[] = [];
    let page: string | null = null;
    let pages = 0;
    do {
      const answer: { events: readonly InboxEvent[]; next: string | null } = await world.call('inbox.open', {
        principal: bob.principal,
        after: cursorBefore(60_000),
        page,
      });
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(700 * 1024);
      seen.push(...of(answer.events, 'ChannelBumped').map((event) => event.channelId));
      page = answer.next;
      pages += 1;
    } while (page !== null);
    expect(pages).toBeGreaterThan(1);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => `messaging:${index + 10}`));
  });

  test('with something else than a cursor is refused', async () => {
    const { bob } = await party();
    await expect(everything(bob, 'yesterday')).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'after' },
    });
  });
});

test('the summary counts over all channels', async () => {
  const { app, ada } = await party();
  await ada.run('CreateChannel', { type: 'messaging', key: 'other', memberIds: ['bob'] });
  await send(ada, 'one');
  await ada.run('SendMessage', { channelId: 'messaging:other', text: 'two', mentionedUserIds: ['bob'] });
  const unread = '{ unread { totalUnread unreadChannels unreadMentions } }';
  expect(await app.data(unread, {}, { as: { user: 'bob' } })).toEqual({
    unread: { totalUnread: 2, unreadChannels: 2, unreadMentions: 1 },
  });
  expect(await app.execute(unread)).toMatchObject({ errors: [{ extensions: { code: 'forbidden' } }] });
});
