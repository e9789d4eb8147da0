import type { Channel, TypingChanged } from '@parley/contracts';
import type { ChannelBusMessage } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('typing a reply names a message of the channel that is no reply itself', async () => {
  const { app, act, refused, open } = await createRoom(world);
  const channelId = await open('general');
  const { id: elsewhere } = await act<Channel>('createChannel', { type: 'messaging', memberIds: ['bob'] });
  const said: TypingChanged[] = [];
  world.bus.subscribe(subjects.channel(app.appId, channelId), (payload) => {
    // The bus carries what our own publisher wrote.
    const { events } = JSON.parse(payload) as ChannelBusMessage;
    for (const event of events) if (event.__typename === 'TypingChanged') said.push(event);
  });
  const root = await act('sendMessage', { channelId, text: 'root' });
  const reply = await act('sendMessage', { channelId, text: 'reply', parentId: root.id });
  const foreign = await act('sendMessage', { channelId: elsewhere, text: 'elsewhere' });
  const typing = (parentId: string) => ({ channelId, parentId, typing: true });
  const unknown = crypto.randomUUID();
  const answers = [await refused('setTyping', typing(foreign.id)), await refused('setTyping', typing(unknown))];
  expect(answers).toMatchObject([
    { code: 'not_found', field: 'parentId' },
    { code: 'not_found', field: 'parentId' },
  ]);
  expect(answers[0]?.message?.replace(foreign.id, unknown)).toBe(answers[1]?.message);
  expect(await refused('setTyping', typing(reply.id))).toMatchObject({ code: 'invalid_input', field: 'parentId' });
  await act('setTyping', typing(root.id));
  await vi.waitFor(() => expect(said.map(({ parentId }) => parentId)).toEqual([root.id]));
});
