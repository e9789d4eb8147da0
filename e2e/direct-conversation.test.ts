import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, open, textsOf } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** Ada has opened a conversation with bob, and both look at it and at their lists. */
async function conversation({ lists = true } = {}) {
  const app = await world.app();
  await app.server.upsertUsers(['ada', 'bob'].map((id) => ({ id, name: id })));
  const [ada, bob] = [app.person('ada'), app.person('bob')];
  const again = () => bob.createChannel({ type: 'messaging', memberIds: ['ada', 'bob'] });
  const { id } = await ada.createChannel({ type: 'messaging', memberIds: ['ada', 'bob'] });
  const list = bob.channels();
  if (lists) list.watch();
  const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
  const listed = () => list.get().items.map((item) => item.id);
  if (lists) await eventually(() => expect(listed()).toEqual([id]));
  await adas.send('before');
  await eventually(() => expect(textsOf(bobs)).toEqual(['before']));
  await bobs.removeMembers(['bob']);
  await eventually(() => expect(bobs.state.get().status).toBe('closed'));
  if (lists) await eventually(() => expect(listed()).toEqual([]));
  await adas.send('meanwhile');
  return { id, adas, bobs, again, listed };
}
const membersOf = ({ members }: Awaited<ReturnType<typeof open>>) => members.get().map(({ user }) => user.id);

test('who left a direct conversation has it again by opening it, live', async () => {
  const { id, adas, bobs, again, listed } = await conversation();
  expect(await again()).toBe(bobs);
  await bobs.ready();
  await eventually(() => expect(listed()).toEqual([id]));
  expect(textsOf(bobs)).toEqual(['before', 'meanwhile']);
  await eventually(() => expect(membersOf(adas).toSorted()).toEqual(['ada', 'bob']));
  await bobs.send('back');
  await eventually(() => expect(textsOf(adas)).toEqual(['before', 'meanwhile', 'back']));
});

test('the handle opens anew also when nobody looks at a list', async () => {
  const { bobs, again } = await conversation({ lists: false });
  await again();
  await bobs.ready();
  expect(textsOf(bobs)).toEqual(['before', 'meanwhile']);
});

test('the one who stayed has the other back', async () => {
  const { id, adas, bobs, listed } = await conversation();
  await adas.addMembers(['bob']);
  await eventually(() => expect(listed()).toEqual([id]));
  await eventually(() => expect(bobs.state.get().status).toBe('live'));
  expect(textsOf(bobs)).toEqual(['before', 'meanwhile']);
});
