import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import { createWorld, type World } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function conversation(type: 'messaging' | 'livestream' = 'messaging') {
  const room = await createRoom(world);
  const { appId } = room.app;
  const { id: channelId } = await room.act<{ id: string }>(
    'createChannel',
    { type, key: 'room', memberIds: ['ada', 'bob'] },
    'server',
  );
  await room.act('sendMessage', { channelId, text: 'one' });
  const ask = (since: string | null) => world.call('channel.recentReads', { channels: [{ appId, channelId }], since });
  return { ...room, appId, channelId, ask };
}

test('a pointer that moved since the last question is shown, once the next begins later no more', async () => {
  const { act, ask, appId, channelId } = await conversation();
  const { since, reads } = await ask(null);
  expect(reads).toEqual([]);
  await act('markRead', { channelId }, 'bob');
  const moved = await ask(since);
  expect(moved.reads).toEqual([
    {
      __typename: 'ReadAdvanced',
      appId,
      channelId,
      userId: 'bob',
      readSeq: expect.any(Number),
      at: expect.stringMatching(/Z$/),
    },
  ]);
  expect((await ask(new Date(Date.now() + 1_000).toISOString())).reads).toEqual([]);
});

test('a change of a membership that moves no pointer is none', async () => {
  const { ask, channelId, act } = await conversation();
  await act('addMembers', { channelId, members: [{ userId: 'eve' }] }, 'server');
  expect((await ask(new Date(Date.now() - 60_000).toISOString())).reads).toEqual([]);
});

test('reads in a channel without receipts are not published', async () => {
  const { ask, act, channelId } = await conversation('livestream');
  await act('markRead', { channelId }, 'bob');
  expect((await ask(new Date(Date.now() - 60_000).toISOString())).reads).toEqual([]);
});

test('more reads than a message of the bus holds go out in several, none left out', async () => {
  const { ask, appId, channelId } = await conversation();
  await world.db.query(
    `INSERT INTO members (app_id, channel_id, user_id, read_seq, read_at, updated_at)
     SELECT $1, $2, 'reader-' || n, 1, at, at FROM (
       SELECT n, (now() - n * interval '10 ms')::timestamptz(3) AS at FROM generate_series(1, 2500) n) r`,
    [appId, channelId],
  );
  const seen = new Set<string>();
  let since = new Date(Date.now() - 60_000).toISOString();
  for (let questions = 0; questions < 2; questions += 1) {
    const reply = await ask(since);
    expect(reply.reads.length).toBeLessThanOrEqual(2_000);
    for (const { userId } of reply.reads) seen.add(userId);
    since = reply.since;
  }
  expect([...seen].filter((id) => id.startsWith('reader-'))).toHaveLength(2_500);
});
