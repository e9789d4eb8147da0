import type { Principal } from '@parley/contracts/bus';
import type { World, WorldApp } from './world.ts';

/** The channel of each {@link openParty}. */
export const room = 'messaging:room';

/** Who somebody is for the API, as fan-out is given it for a token. */
export const principalOf = async (world: World, app: WorldApp, userId: string): Promise<Principal> =>
  await world.call('session.open', { token: await app.token(userId), origin: null });

/** An app with ada and bob in a channel, and eve outside of it; ada has sent so many messages. */
export async function openParty(world: World, messages = 0) {
  const app = await world.app();
  await app.users('ada', 'bob', 'eve');
  await app.data('mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
    input: { type: 'messaging', key: 'room', memberIds: ['ada', 'bob'] },
  });
  const say = (text: string) =>
    app.data(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id } }',
      { input: { channelId: room, text } },
      { as: { user: 'ada' } },
    );
  for (let index = 0; index < messages; index += 1) await say(`${index}`);
  return { app, say, ada: await principalOf(world, app, 'ada'), eve: await principalOf(world, app, 'eve') };
}
