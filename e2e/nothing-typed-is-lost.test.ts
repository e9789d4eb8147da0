import { createClient } from '@parley/sdk-js';
import { startTcpProxy, type TcpProxy } from '@parley/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, open, textsOf } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const inFrontOf = (url = ''): Promise<TcpProxy> => {
  const { hostname, port } = new URL(url);
  return startTcpProxy({ target: { host: hostname, port: Number(port) } });
};

test('what somebody does without a network is done when it is back, in order and once', async () => {
  const app = await world.app();
  const channelId = await app.channel('ada', 'bob');
  const bobs = await open(app.person('bob'), channelId);
  // All of Ada's ways lead through the network that breaks.
  const [api, fanout] = await Promise.all([inFrontOf(world.apiUrls[0]), inFrontOf(world.fanoutUrls[0])]);
  const ada = createClient({
    url: api.url('http', '/graphql'),
    subscriptionsUrl: fanout.url('ws', '/graphql'),
    userId: 'ada',
    getToken: () => app.token('ada'),
  });
  try {
    const adas = await open(ada, channelId);
    const first = await adas.send('helo');
    const second = await adas.send('to be gone');
    // The last thing that goes out is heard, and its answer is lost.
    fanout.halfOpen('back');
    api.halfOpen('back');
    const lost = adas.send('unanswered');
    await eventually(() => expect(textsOf(bobs)).toEqual(['helo', 'to be gone', 'unanswered']));
    await Promise.all([api.refuse(), fanout.refuse()]);

    const all = Promise.all([
      adas.edit(first.id, 'hell'),
      adas.edit(first.id, 'hello'),
      adas.delete(second.id),
      adas.react(first.id, 'like'),
      adas.send('later'),
    ]);
    const { id: unanswered = '' } = adas.messages.get().items[2] ?? {};
    const edited = adas.edit(unanswered, 'answered');
    await eventually(() => expect(ada.connection.get().name).not.toBe('connected'));
    expect(textsOf(adas)).toEqual(['hello', '', 'answered', 'later']);
    expect(adas.messages.get().items.map(({ pending }) => pending)).toEqual(['edit', 'delete', 'edit', null]);
    expect(textsOf(bobs)).toEqual(['helo', 'to be gone', 'unanswered']);

    await Promise.all([api.heal(), fanout.heal()]);
    await Promise.all([lost, all, edited]);
    for (const channel of [adas, bobs]) {
      await eventually(() => expect(textsOf(channel)).toEqual(['hello', '', 'answered', 'later']));
      const { items } = channel.messages.get();
      expect(items.map(({ pending, status }) => [pending, status])).toEqual(items.map(() => [null, 'sent']));
      expect(items[0]?.reactionGroups).toMatchObject([{ type: 'like', count: 1 }]);
      expect(items[1]?.deletedAt).not.toBeNull();
    }
  } finally {
    ada.disconnect();
    await Promise.all([api.close(), fanout.close()]);
  }
});
