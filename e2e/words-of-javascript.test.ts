import { type JsonObject, ownValue } from '@parley/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, open } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** What every object knows without having been told: `__proto__`, `constructor`, `toString`, … */
const words = Object.getOwnPropertyNames(Object.prototype);
const sorted = [...words].sort();

/** Each word as a key, at two depths. An object literal would take `__proto__` for a prototype. */
const custom: JsonObject = Object.fromEntries(words.map((word) => [word, Object.fromEntries([[word, word]])]));

function expectWhole(data: JsonObject | undefined): void {
  expect(Object.keys(data ?? {}).sort()).toEqual(sorted);
  for (const word of words) expect(Object.entries(ownValue(data ?? {}, word) ?? {})).toEqual([[word, word]]);
}

async function conversation() {
  const app = await world.app();
  await app.server.upsertUsers(words.map((id) => ({ id, name: id, custom })));
  const key = '__proto__';
  const { id } = await app.server.createChannel({ type: 'messaging', key, memberIds: words, name: key, custom });
  const [one, other] = [app.person('__proto__'), app.person('constructor')];
  const [ones, others] = await Promise.all([open(one, id), open(other, id)]);
  return { app, id, one, other, ones, others };
}

test('reactions of every such type are counted, seen by all, and taken back', async () => {
  const { ones, others } = await conversation();
  const { id } = await ones.send('react to me');
  for (const word of words) await others.react(id, word);
  const message = () => ones.messages.get().items.find((item) => item.id === id);
  await eventually(() =>
    expect(
      message()
        ?.reactionGroups.map(({ type, count }) => `${type} ${count}`)
        .sort(),
    ).toEqual(sorted.map((word) => `${word} 1`)),
  );
  const own = others.messages.get().items[0]?.ownReactions?.map(({ type }) => type);
  expect([...(own ?? [])].sort()).toEqual(sorted);
  for (const word of words) await others.unreact(id, word);
  await eventually(() => expect(message()?.reactionGroups).toEqual([]));
});

test('custom data under such keys comes back whole, of a user, a channel, a message and an attachment', async () => {
  const { one, ones, others } = await conversation();
  await ones.send({ text: '', custom, attachments: [{ type: 'constructor', title: '__proto__', custom }] });
  await eventually(() => expect(others.messages.get().items).toHaveLength(1));
  const [message] = others.messages.get().items;
  expectWhole(message?.custom);
  expectWhole(message?.attachments[0]?.custom);
  expectWhole(message?.user?.custom);
  expectWhole(others.state.get().data?.custom);
  expectWhole((await one.updateMe({ custom })).custom);
});

test('people and channels may have such names and ids: they type, read, are online and are listed', async () => {
  const { id, one, other, ones, others } = await conversation();
  const online = one.presence.of('constructor');
  const unwatch = one.presence.watch(['constructor']);
  await eventually(() => expect(online.get()).toMatchObject({ online: true }));
  others.keystroke();
  await eventually(() => expect(ones.typing.get().map((user) => user.id)).toEqual(['constructor']));
  const { seq } = await ones.send('read me');
  await eventually(() => expect(others.unread.get().count).toBe(1));
  await others.markRead();
  await eventually(() => expect(ones.reads.get().get('constructor')).toBeGreaterThanOrEqual(seq));

  const list = other.channels({ filter: { members: { contains: ['toString'] } } });
  const unwatchList = list.watch();
  await eventually(() => expect(list.get().items.map((item) => item.id)).toEqual([id]));
  expect((await other.users({ first: 100 })).items.map((user) => user.id).sort()).toEqual(sorted);
  unwatch();
  unwatchList();
});

test('a filter finds custom data by such a path where it is, and nowhere else', async () => {
  const { app, id, one } = await conversation();
  await app.server.createChannel({ type: 'messaging', key: 'bare', memberIds: words, custom: {} });
  for (const word of words) {
    const list = one.channels({ filter: { custom: [{ path: `${word}.${word}`, string: { eq: word } }] } });
    const unwatch = list.watch();
    await eventually(() => expect(list.get().items.map((item) => item.id)).toEqual([id]));
    unwatch();
  }
});

test('such words in the text of a GraphQL operation are data, or refused with a reason', async () => {
  const { id, one } = await conversation();
  const written = await one.execute<{ readonly updateMe: { readonly custom: JsonObject } }>(
    'mutation { updateMe(input: { custom: { __proto__: { constructor: "x" } } }) { custom } }',
  );
  expect(Object.keys(written.updateMe.custom)).toEqual(['__proto__']);
  for (const word of words) {
    const document = `query ${word}($${word}: ID!) { channel(id: $${word}) { id } }`;
    expect(await one.execute(document, Object.fromEntries([[word, id]]))).toEqual({ channel: { id } });
    const unknown = await one.execute(`{ ${word} }`).catch((error: unknown) => error);
    expect(unknown).toMatchObject({ code: 'invalid_query' });
  }
});
