import type { InboxEvent } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { describe, expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { channelOf, messageOf } from '../../test/events.ts';
import { tokenOf } from '../../test/fake-api.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld } from '../../test/world.ts';

const at = '2026-01-01T00:00:00.000Z';
const bumped = (cursor: string, seq = 1): InboxEvent => ({
  __typename: 'ChannelBumped',
  at,
  cursor,
  channelId: 'messaging:general',
  seq,
  unreadCount: 2,
  unreadMentions: 1,
  lastMessage: messageOf('messaging:general', 'hi'),
});
const synced = (cursor: string): InboxEvent => ({ __typename: 'InboxSynced', at, cursor, epoch: 'one' });

const watchInbox = `subscription Inbox($after: String) { inbox(after: $after) {
  __typename at cursor
  ... on ChannelBumped { channelId seq unreadCount unreadMentions lastMessage { text } }
  ... on ChannelJoined { channel { id } }
  ... on ChannelLeft { channelId reason }
  ... on UnreadChanged { totalUnread unreadChannels }
} }`;
const cursors = (client: RawClient) => client.events('1').map(({ cursor }) => cursor);

describe('the inbox', () => {
  test('begins with absolute state, page by page, then is live', async () => {
    const world = await startWorld();
    world.api.inboxPages = [
      [bumped('a'), bumped('b')],
      [{ __typename: 'UnreadChanged', at, cursor: 'c', totalUnread: 3, unreadChannels: 1 }],
      [synced('d')],
    ];
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox, { after: 'before' });
    await expect.poll(() => cursors(client)).toEqual(['a', 'b', 'c', 'd']);
    expect(client.events('1')[0]).toMatchObject({
      __typename: 'ChannelBumped',
      unreadCount: 2,
      unreadMentions: 1,
      lastMessage: { text: 'hi' },
    });
    const joined: InboxEvent = { __typename: 'ChannelJoined', at, cursor: 'e', channel: channelOf('messaging:new') };
    world.api.notifyUser('ada', { kind: 'inbox', events: [joined] });
    world.api.notifyUser('bob', { kind: 'inbox', events: [bumped('of bob')] });
    await expect.poll(() => cursors(client)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(world.api.calls.filter(({ method }) => method === 'inbox.open').map(({ request }) => request)).toMatchObject(
      [
        { after: 'before', page: null },
        { after: 'before', page: '1' },
        { after: 'before', page: '2' },
      ],
    );
  });

  test('loses nothing that happens while its pages are read', async () => {
    const world = await startWorld();
    world.api.inboxPages = [[bumped('a')], [synced('b')]];
    let pages = 0;
    world.api.before.set('inbox.open', () => {
      pages += 1;
      world.api.notifyUser('ada', { kind: 'inbox', events: [bumped(`live ${pages}`)] });
    });
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    await expect.poll(() => cursors(client)).toEqual(['a', 'b', 'live 1', 'live 2']);
  });

  test('reads again from its newest cursor when more happened meanwhile than it keeps', async () => {
    const world = await startWorld();
    world.api.inboxPages = [[bumped('a'), synced('b')]];
    let asked = 0;
    world.api.before.set('inbox.open', () => {
      asked += 1;
      if (asked === 1)
        for (let n = 0; n < 1_200; n += 1)
          world.api.notifyUser('ada', { kind: 'inbox', events: [bumped(`flood ${n}`)] });
    });
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    await expect.poll(() => world.api.count('inbox.open')).toBe(2);
    expect(world.api.calls.findLast(({ method }) => method === 'inbox.open')?.request).toMatchObject({ after: 'b' });
  });

  test('is read only once the API knows that its user is here, since nobody else is notified', async () => {
    const world = await startWorld();
    const known = deferred();
    world.api.before.set('presence.renew', () => known.promise);
    world.api.before.set('inbox.open', () => {
      world.api.inboxPages = [[synced(world.api.online.has('ada') ? 'here' : 'absent')]];
    });
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    await expect.poll(() => world.api.count('presence.renew')).toBe(1);
    known.resolve();
    await expect.poll(() => cursors(client)).toEqual(['here']);
  });

  test('is read again after its user was taken for absent, for nothing was sent meanwhile', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    world.api.inboxPages = [[synced('a')]];
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    const passes = async (check: () => void) => {
      await vi.waitFor(async () => {
        await clock.advanceAsync(100);
        check();
      });
    };
    await passes(() => expect(cursors(client)).toEqual(['a']));
    world.api.before.set('presence.renew', () => Promise.reject(new Error('the API is away')));
    await clock.advanceAsync(45_000);
    world.api.inboxPages = [[bumped('b'), synced('c')]];
    world.api.before.clear();
    await passes(() => expect(cursors(client)).toEqual(['a', 'b', 'c']));
  });

  test('asks for what it missed when the bus was away', async () => {
    const world = await startWorld();
    world.api.inboxPages = [[synced('a')]];
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    await expect.poll(() => cursors(client)).toEqual(['a']);
    world.bus.cut();
    world.api.inboxPages = [[bumped('b'), synced('c')]];
    world.bus.heal();
    await expect.poll(() => cursors(client), { timeout: 20_000 }).toEqual(['a', 'b', 'c']);
    expect(world.api.calls.findLast(({ method }) => method === 'inbox.open')?.request).toMatchObject({ after: 'a' });
  });

  test('is nobody’s for a server token that acts for nobody', async () => {
    const world = await startWorld();
    const client = await world.raw().init(tokenOf({ userId: null, scope: 'server' }));
    client.subscribe('1', watchInbox);
    expect(await client.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('is executed once for two sockets of one user', async () => {
    const world = await startWorld();
    world.api.inboxPages = [[synced('a')]];
    const clients = [await world.connect('ada'), await world.connect('ada')];
    for (const client of clients) client.subscribe('1', watchInbox);
    for (const client of clients) await expect.poll(() => cursors(client)).toEqual(['a']);
    const before = world.fanout.stats().executions;
    world.api.notifyUser('ada', { kind: 'inbox', events: [bumped('b')] });
    for (const client of clients) await expect.poll(() => cursors(client)).toEqual(['a', 'b']);
    expect(world.fanout.stats().executions - before).toBe(1);
  });

  test('fails with the reason when it cannot be opened', async () => {
    const world = await startWorld();
    world.api.before.set('inbox.open', () => Promise.reject(new Error('broken')));
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    expect(await client.failure('1')).toMatchObject({
      extensions: { code: 'internal', requestId: expect.any(String) },
    });
  });
});
