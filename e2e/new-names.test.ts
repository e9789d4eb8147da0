import type { Client } from '@parley/sdk-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, open } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ fanoutNodes: 2 });
});
afterAll(() => world?.close());

/** Ada and Bob, each on a node of their own, in a channel in which both have written. */
async function conversation() {
  const app = await world.app();
  const id = await app.channel('ada', 'bob');
  const [ada, bob] = [app.person('ada', { fanout: 0 }), app.person('bob', { fanout: 1 })];
  const [adas, bobs] = [await open(ada, id), await open(bob, id)];
  await adas.send('hello');
  await bobs.send('hi');
  await eventually(() => expect(bobs.messages.get().items).toHaveLength(2));
  const list = bob.channels();
  list.watch();
  await eventually(() => expect(list.get().status).toBe('ready'));
  const seen = () => ({
    author: bobs.messages.get().items[0]?.user?.name,
    member: bobs.members.get().find(({ user }) => user.id === 'ada')?.user.name,
    inList: list.get().items[0]?.members.find(({ user }) => user.id === 'ada')?.user.name,
  });
  return { app, ada, adas, bob, bobs, seen };
}

const everywhere = (name: string) => ({ author: name, member: name, inList: name });
const nameOf = (client: Client) => client.me.get()?.name;

test('a new name shows at once in messages, among members, in lists and in the own other tab', async () => {
  const { app, ada, seen } = await conversation();
  const otherTab = app.person('ada', { fanout: 1 });
  otherTab.inbox.watch();
  await eventually(() => expect(nameOf(otherTab)).not.toBe(undefined));
  await ada.updateMe({ name: 'Ada Lovelace' });
  await eventually(() => expect(seen()).toEqual(everywhere('Ada Lovelace')));
  await eventually(() => expect(nameOf(otherTab)).toBe('Ada Lovelace'));
  await app.server.upsertUsers([{ id: 'ada', name: 'Countess of Lovelace' }]);
  await eventually(() => expect(seen()).toEqual(everywhere('Countess of Lovelace')));
});

test('who was away meanwhile sees it on return, also where nothing else has happened', async () => {
  const { ada, bob, seen } = await conversation();
  bob.disconnect();
  await ada.updateMe({ name: 'Ada Lovelace' });
  await bob.connect();
  await eventually(() => expect(seen()).toEqual(everywhere('Ada Lovelace')));
});
