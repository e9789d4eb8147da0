import type { Channel, JsonObject } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function room() {
  const made = await createRoom(world);
  /** Creates a channel with a user token. */
  const create = async (user: string, input: JsonObject) => {
    const { createChannel } = await made.app.data<{ createChannel: Channel }>(
      'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id type key name memberCount } }',
      { input: { type: 'messaging', ...input } },
      { as: { user } },
    );
    return createChannel;
  };
  return { ...made, create };
}

describe('a key that a user chooses', () => {
  test('is its own: it neither takes the channel of a back end nor meets another user', async () => {
    const { create, act } = await room();
    const [adas, eves] = [await create('ada', { key: 'general' }), await create('eve', { key: 'general' })];
    expect(adas.id).not.toBe(eves.id);
    expect([adas, eves].map(({ key }) => key)).toEqual([
      expect.stringMatching(/^!key-[\w-]{43}$/),
      expect.stringMatching(/^!key-[\w-]{43}$/),
    ]);
    expect(
      await act<Channel>('createChannel', { type: 'messaging', key: 'general', memberIds: ['bob'] }),
    ).toMatchObject({
      id: 'messaging:general',
      memberCount: 2,
    });
    expect(await create('ada', { key: 'other', memberIds: ['bob'] })).toMatchObject({ memberCount: 2 });
  });

  test('means the same channel each time', async () => {
    const { create, refused } = await room();
    const first = await create('ada', { key: 'notes', name: 'Notes', memberIds: ['bob'] });
    expect(await create('ada', { key: 'notes', memberIds: ['bob'] })).toEqual(first);
    expect(await refused('createChannel', { type: 'messaging', key: 'notes', name: 'Other' })).toMatchObject({
      code: 'conflict',
    });
    expect(await create('ada', { type: 'team', key: 'notes' })).not.toMatchObject({ id: first.id });
  });

  test('means the channel of a back end to those who may read it', async () => {
    const { create, open } = await room();
    const channelId = await open('general');
    expect(await create('bob', { key: 'general' })).toMatchObject({ id: channelId });
  });

  test('is refused when the platform makes such keys', async () => {
    const { refused } = await room();
    for (const user of ['ada', 'server'])
      expect(await refused('createChannel', { type: 'messaging', key: '!key-x' }, user)).toMatchObject({
        code: 'invalid_input',
        field: 'key',
      });
  });

  test('that its user deleted is not given again', async () => {
    const { act, create, refused } = await room();
    await act('deleteChannel', { channelId: (await create('ada', { key: 'notes' })).id });
    expect(await refused('createChannel', { type: 'messaging', key: 'notes' })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('messaging:notes was deleted'),
    });
  });
});

test('whoever may not read a channel gets one answer, whether it is there, was there or never was', async () => {
  const { app, act, open, refused, create } = await room();
  const there = await open('there');
  const gone = await open('gone');
  await act('deleteChannel', { channelId: gone });
  const ids = { there, gone, never: 'messaging:never' };
  const { id: messageId } = await act('sendMessage', { channelId: there, text: 'hello' });

  /** Everything that a stranger can ask of a channel, as it is answered. */
  const answers = async (channelId: string) => {
    const key = channelId.split(':')[1] ?? '';
    const said = (answer: object) =>
      JSON.stringify(answer)
        .replaceAll(channelId, 'ID')
        .replace(/"requestId":"[^"]*"/g, '');
    const query = async (document: string) => said(await app.execute(document, {}, { as: { user: 'eve' } }));
    const principal = await world.call('session.open', { token: await app.token('eve'), origin: null });
    const joined = await world.call('channel.join', { principal, channelId }).catch((error: Error) => error);
    const shape = ({ key: own, ...channel }: Channel) => ({
      ...channel,
      id: channel.id.replace(own, '!'),
      own: own.length,
    });
    return {
      joined: said({ message: joined instanceof Error ? joined.message : 'joined' }),
      created: said(shape(await create('eve', { key }))),
      channel: await query(`{ channel(id: "${channelId}") { id } }`),
      list: await query(`{ channels(filter: { id: { in: ["${channelId}"] } }) { nodes { id } } }`),
      byMember: await query(
        `{ channels(filter: { and: [{ id: { eq: "${channelId}" } }, { members: { contains: ["ada"] } }] }) { nodes { id } pageInfo { hasNextPage } } }`,
      ),
      send: said(await refused('sendMessage', { channelId, text: 'x' }, 'eve')),
      quote: said(await refused('sendMessage', { channelId, text: 'x', quotedId: messageId }, 'eve')),
      join: said(await refused('addMembers', { channelId, members: [{ userId: 'eve' }] }, 'eve')),
      leave: said(await refused('removeMembers', { channelId, userIds: ['eve'] }, 'eve')),
      update: said(await refused('updateChannel', { channelId, name: 'x' }, 'eve')),
      remove: said(await refused('deleteChannel', { channelId }, 'eve')),
      read: said(await refused('markRead', { channelId }, 'eve')),
      typing: said(await refused('setTyping', { channelId, typing: true }, 'eve')),
    };
  };
  const never = await answers(ids.never);
  expect(await answers(ids.there)).toEqual(never);
  expect(await answers(ids.gone)).toEqual(never);
});
