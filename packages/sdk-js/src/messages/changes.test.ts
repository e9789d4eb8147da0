import type { Message, Reaction } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, FakeChannel, message, user, wholePage } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

async function liveWorld() {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  const first = server.send('bob', { text: 'hello' });
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  const shown = () => channel.messages.get().items[0];
  /** The mutation waits until the test answers it. */
  const pending = (name: string) => {
    const answers: { resolve(value: unknown): void; reject(error: unknown): void }[] = [];
    world.network.handlers.set(name, () => new Promise((resolve, reject) => answers.push({ resolve, reject })));
    return {
      accept: (message: Message) => answers.shift()?.resolve({ [name]: message }),
      refuse: () => answers.shift()?.reject(new ParleyError('forbidden', 'unable to change message; you may not')),
    };
  };
  return { ...world, server, channel, first, shown, pending };
}

const thumb = (userId: string, score = 1): Reaction => ({ type: 'like', user: user(userId), score, createdAt: at });
const group = (count: number) => ({ type: 'like', count, sumScores: count, firstAt: at, lastAt: at });

test('an edit shows at once and is confirmed', async () => {
  const { channel, first, shown, pending, settle } = await liveWorld();
  const mutation = pending('updateMessage');
  const editing = channel.edit(first.id, 'hello there');
  expect(shown()).toMatchObject({ text: 'hello there', status: 'sent' });
  await settle();
  mutation.accept({ ...first, text: 'hello there', editedAt: at });
  await editing;
  expect(shown()).toMatchObject({ text: 'hello there', editedAt: at });
});

test('a refused edit is taken back', async () => {
  const { channel, first, shown, pending, settle } = await liveWorld();
  const mutation = pending('updateMessage');
  const outcome = expect(channel.edit(first.id, 'no')).rejects.toMatchObject({ code: 'forbidden' });
  await settle();
  mutation.refuse();
  await outcome;
  expect(shown()).toMatchObject({ text: 'hello', editedAt: null });
});

test('an answer that is older than an event does not revert it', async () => {
  const { channel, server, first, shown, pending, settle } = await liveWorld();
  const mutation = pending('updateMessage');
  const editing = channel.edit(first.id, 'mine');
  await settle();
  server.append({
    __typename: 'MessageUpdated',
    message: { ...first, text: 'mine', editedAt: at },
    actor: user('ada'),
  });
  server.append({ __typename: 'MessageUpdated', message: { ...first, text: 'moderated', editedAt: at } });
  await settle();
  mutation.accept({ ...first, text: 'mine', editedAt: at });
  await editing;
  expect(shown()?.text).toBe('moderated');
});

test('a soft deletion leaves an empty place, a hard one none', async () => {
  const { channel, first, server, shown, pending, settle } = await liveWorld();
  const mutation = pending('deleteMessage');
  const soft = channel.delete(first.id);
  expect(shown()).toMatchObject({ text: '', deletedAt: expect.any(String) });
  await settle();
  mutation.accept({ ...first, text: '', deletedAt: at });
  await soft;
  const hard = channel.delete(first.id, { hard: true });
  expect(shown()).toBeUndefined();
  await settle();
  mutation.accept({ ...first, text: '', deletedAt: at });
  await hard;
  server.append({ __typename: 'MessageDeleted', message: { ...first, text: '', deletedAt: at }, hard: true });
  await settle();
  expect(channel.messages.get().items).toEqual([]);
});

test('a refused deletion brings the message back', async () => {
  const { channel, first, shown, pending, settle } = await liveWorld();
  const mutation = pending('deleteMessage');
  const outcome = expect(channel.delete(first.id, { hard: true })).rejects.toThrow();
  await settle();
  mutation.refuse();
  await outcome;
  expect(shown()?.text).toBe('hello');
});

test('a reaction counts at once, and once only when its event comes', async () => {
  const { channel, server, first, shown, pending, settle } = await liveWorld();
  server.append({
    __typename: 'ReactionAdded',
    message: { ...first, reactionGroups: [group(1)] },
    reaction: thumb('bob'),
  });
  await settle();
  expect(shown()).toMatchObject({ reactionGroups: [{ count: 1 }], ownReactions: [] });
  const mutation = pending('addReaction');
  const reacting = channel.react(first.id, 'like');
  expect(shown()).toMatchObject({ reactionGroups: [{ count: 2 }], ownReactions: [{ type: 'like' }] });
  await settle();
  server.append({
    __typename: 'ReactionAdded',
    message: { ...first, reactionGroups: [group(2)] },
    reaction: thumb('ada'),
  });
  await settle();
  expect(shown()).toMatchObject({ reactionGroups: [{ count: 2 }], ownReactions: [{ type: 'like' }] });
  mutation.accept({ ...first, reactionGroups: [group(2)], ownReactions: [thumb('ada')] });
  await reacting;
  expect(shown()).toMatchObject({ reactionGroups: [{ count: 2 }], ownReactions: [{ type: 'like' }] });
});

test('a refused reaction is taken back', async () => {
  const { channel, first, shown, pending, settle } = await liveWorld();
  const mutation = pending('addReaction');
  const outcome = expect(channel.react(first.id, 'like', { score: 3 })).rejects.toThrow();
  expect(shown()?.reactionGroups).toMatchObject([{ count: 1, sumScores: 3 }]);
  await settle();
  mutation.refuse();
  await outcome;
  expect(shown()).toMatchObject({ reactionGroups: [], ownReactions: [] });
});

test('taking a reaction back shows at once', async () => {
  const { channel, server, first, shown, pending, settle } = await liveWorld();
  server.append({
    __typename: 'ReactionAdded',
    message: { ...first, reactionGroups: [group(1)] },
    reaction: thumb('ada'),
  });
  await settle();
  const mutation = pending('removeReaction');
  const removing = channel.unreact(first.id, 'like');
  expect(shown()).toMatchObject({ reactionGroups: [], ownReactions: [] });
  await settle();
  mutation.accept({ ...first, ownReactions: [] });
  await removing;
  expect(shown()).toMatchObject({ reactionGroups: [], ownReactions: [] });
});

test('an exclusive reaction replaces the own others', async () => {
  const { channel, server, first, shown, pending, settle } = await liveWorld();
  server.append({
    __typename: 'ReactionAdded',
    message: { ...first, reactionGroups: [group(1)] },
    reaction: thumb('ada'),
  });
  await settle();
  pending('addReaction');
  channel.react(first.id, 'heart', { exclusive: true }).catch(() => {});
  expect(shown()).toMatchObject({ reactionGroups: [{ type: 'heart', count: 1 }], ownReactions: [{ type: 'heart' }] });
});

test('older pages are put in front, with what happened to them meanwhile', async () => {
  const { client, network, settle } = createWorld();
  const server = new FakeChannel(network);
  for (let number = 1; number <= 40; number += 1) server.send('bob', { text: `${number}` });
  const channel = client.channel(server.id);
  channel.watch();
  await settle();
  expect(channel.messages.get()).toMatchObject({ hasOlder: true, loadingOlder: false });
  const old = server.messages[0];
  if (old === undefined) throw new Error('there are 40 messages');
  network.handlers.set('Messages', ({ variables }) => {
    expect(variables).toMatchObject({ before: '11' });
    const nodes = server.messages.slice(0, 12).map((one) => ({ ...one, ownReactions: [] }));
    server.append({ __typename: 'MessageUpdated', message: { ...old, text: 'edited', editedAt: at } });
    return { channel: { messages: { nodes, pageInfo: wholePage } } };
  });
  const loading = Promise.all([channel.messages.loadOlder(), channel.messages.loadOlder()]);
  expect(channel.messages.get().loadingOlder).toBe(true);
  await loading;
  const { items, hasOlder, loadingOlder } = channel.messages.get();
  expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(items[0]?.text).toBe('edited');
  expect({ hasOlder, loadingOlder }).toEqual({ hasOlder: false, loadingOlder: false });
  expect(network.named('Messages')).toHaveLength(1);
});

test('a reply that comes while older pages load is counted once', async () => {
  const { client, network, settle } = createWorld();
  const server = new FakeChannel(network);
  for (let number = 1; number <= 40; number += 1) server.send('bob', { text: `${number}` });
  const channel = client.channel(server.id);
  channel.watch();
  await settle();
  const root = server.messages[39];
  if (root === undefined) throw new Error('there are 40 messages');
  network.handlers.set('Messages', () => {
    server.append({ __typename: 'MessageCreated', message: message(41, { parentId: root.id }) });
    const nodes = server.messages.slice(0, 10).map((one) => ({ ...one, ownReactions: [] }));
    return { channel: { messages: { nodes, pageInfo: wholePage } } };
  });
  await channel.messages.loadOlder();
  expect(channel.messages.get().items).toHaveLength(40);
  expect(channel.messages.get().items.at(-1)).toMatchObject({ id: root.id, replyCount: 1 });
});

test('a message that did not change is the same object after another one did', async () => {
  const { channel, server, shown, settle } = await liveWorld();
  const before = shown();
  server.send('bob', { text: 'another' });
  await settle();
  expect(channel.messages.get().items).toHaveLength(2);
  expect(shown()).toBe(before);
});
