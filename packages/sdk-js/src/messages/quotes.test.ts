import type { Message } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, FakeChannel, message, wholePage } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

const gone = (source: Message): Message => ({ ...source, text: '', deletedAt: at });

/** Bob's secret, and a message that quotes it. */
async function liveWorld() {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  const secret = server.send('bob', { text: 'secret' });
  const quoting = message(2, { text: 'as you said', quoted: secret });
  server.messages.push(quoting);
  server.append({ __typename: 'MessageCreated', message: quoting });
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  const items = () => channel.messages.get().items;
  return { ...world, server, channel, secret, items };
}

test('a quote says what the quoted message says after an edit', async () => {
  const { server, secret, items, settle } = await liveWorld();
  expect(items()[1]?.quoted?.text).toBe('secret');
  server.append({ __typename: 'MessageUpdated', message: { ...secret, text: 'harmless', editedAt: at } });
  await settle();
  expect(items()[1]?.quoted).toMatchObject({ text: 'harmless', editedAt: at, quoted: null, ownReactions: null });
  expect(items()[1]).toMatchObject({ text: 'as you said', status: 'sent' });
});

test.each([
  ['softly', false, { text: '', deletedAt: at }],
  ['for good', true, null],
] as const)(
  'who looks on sees the words vanish from quotes too when a message is deleted %s',
  async (_how, hard, quoted) => {
    const { server, secret, items, settle } = await liveWorld();
    server.append({ __typename: 'MessageDeleted', message: gone(secret), hard });
    await settle();
    expect(JSON.stringify(items())).not.toContain('secret');
    const quote = items().find(({ text }) => text === 'as you said')?.quoted;
    if (quoted === null) expect(quote).toBeNull();
    else expect(quote).toMatchObject(quoted);
  },
);

test('a quote of a reply, which is not in the list itself, goes as well', async () => {
  const { server, items, secret, settle } = await liveWorld();
  const reply = message(3, { text: 'secret reply', parentId: secret.id });
  server.append({ __typename: 'MessageCreated', message: message(4, { text: 'see there', quoted: reply }) });
  server.append({ __typename: 'MessageDeleted', message: gone(reply), hard: false });
  await settle();
  expect(JSON.stringify(items())).not.toContain('secret reply');
});

test('what waits to be sent does not go on showing what it quotes', async () => {
  const { network, server, channel, secret, items, settle } = await liveWorld();
  network.handlers.set('sendMessage', () => {
    throw new ParleyError('forbidden', 'unable to send message; not now');
  });
  const refused = expect(channel.send({ text: 'indeed', quotedId: secret.id })).rejects.toThrow();
  expect(items().at(-1)).toMatchObject({ status: 'sending', quoted: { text: 'secret' } });
  server.append({ __typename: 'MessageDeleted', message: gone(secret), hard: false });
  await refused;
  await settle();
  expect(items().at(-1)).toMatchObject({ status: 'failed', quoted: { text: '' } });
  expect(JSON.stringify(items())).not.toContain('secret');
});

test('an older page that was read before a deletion has none of the words', async () => {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  for (let count = 0; count < 40; count += 1) server.send('bob', { text: `${count}` });
  const answers: ((page: unknown) => void)[] = [];
  world.network.handlers.set('Messages', () => new Promise((resolve) => answers.push(resolve)));
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  const loading = channel.messages.loadOlder();
  await world.settle();
  const reply = message(100, { text: 'secret', parentId: server.messages[0]?.id ?? '' });
  server.append({ __typename: 'MessageDeleted', message: gone(reply), hard: false });
  await world.settle();
  const nodes = [message(0, { text: 'old', quoted: reply })];
  answers[0]?.({ channel: { messages: { nodes, pageInfo: wholePage } } });
  await loading;
  expect(channel.messages.get().items[0]).toMatchObject({ text: 'old', quoted: { text: '' } });
});
