import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { FakeChannel, message, user } from '../../test/fake-channel.ts';
import type { FakeOperation } from '../../test/fake-network.ts';
import { createWorld, tokenOf } from '../../test/world.ts';

interface Input {
  readonly id: string;
  readonly text: string;
}
const inputOf = ({ variables }: FakeOperation): Input => variables['input'] as Input;

async function liveWorld() {
  const world = createWorld({ transport: 'websocket' });
  const server = new FakeChannel(world.network);
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  const shown = () => channel.messages.get().items.map(({ text, status }) => `${text}: ${status}`);
  const answer = (handler: (input: Input) => unknown) =>
    world.network.handlers.set('sendMessage', (operation) => handler(inputOf(operation)));
  const sent = () => world.network.named('sendMessage').map(inputOf);
  return { ...world, server, channel, shown, answer, sent };
}

test('own messages go out one at a time, in the order of the calls', async () => {
  const { channel, server, answer, sent, settle, shown } = await liveWorld();
  const answers: (() => void)[] = [];
  answer((input) => new Promise((resolve) => answers.push(() => resolve({ sendMessage: server.send('ada', input) }))));
  const all = Promise.all(['one', 'two', 'three'].map((text) => channel.send(text)));
  expect(shown()).toEqual(['one: sending', 'two: sending', 'three: sending']);
  for (const count of [1, 2, 3]) {
    await settle();
    expect(sent()).toHaveLength(count);
    answers[count - 1]?.();
  }
  await all;
  await settle();
  expect(shown()).toEqual(['one: sent', 'two: sent', 'three: sent']);
});

test('an unknown outcome is tried again under the same id, and the message is there once', async () => {
  const { channel, server, answer, sent, clock, shown } = await liveWorld();
  let tries = 0;
  answer((input) => {
    tries += 1;
    const sendMessage = server.send('ada', input, false);
    if (tries < 3) throw new ParleyError('timeout', 'unable to answer in time; the outcome is unknown');
    return { sendMessage };
  });
  const sending = channel.send('hello');
  await clock.advanceAsync(5_000);
  await sending;
  expect(new Set(sent().map(({ id }) => id)).size).toBe(1);
  expect(sent()).toHaveLength(3);
  expect(shown()).toEqual(['hello: sent']);
  expect(server.messages).toHaveLength(1);
});

test('a message that is seen in the log was sent, whatever became of the answer', async () => {
  const { channel, server, answer, sent, settle } = await liveWorld();
  answer((input) => {
    server.send('ada', input);
    return new Promise(() => {});
  });
  const sending = channel.send('hello');
  await settle();
  expect(await sending).toMatchObject({ text: 'hello', seq: 1 });
  expect(sent()).toHaveLength(1);
});

test('a refused message stays as failed with the reason, and does not hold up the next one', async () => {
  const { channel, server, answer, settle, shown } = await liveWorld();
  answer((input) => {
    if (input.text === 'bad')
      throw new ParleyError('forbidden', 'unable to send message; you lack send-message', {
        permission: 'send-message',
      });
    return { sendMessage: server.send('ada', input) };
  });
  const bad = expect(channel.send('bad')).rejects.toMatchObject({
    code: 'forbidden',
    details: { permission: 'send-message' },
  });
  await channel.send('good');
  await bad;
  await settle();
  expect(shown()).toEqual(['good: sent', 'bad: failed']);
  expect(channel.messages.get().items.at(-1)?.error?.code).toBe('forbidden');
});

test('a failed message is sent again under its id, or forgotten', async () => {
  const { channel, server, answer, sent, settle, shown } = await liveWorld();
  answer(() => {
    throw new ParleyError('forbidden', 'unable to send message; not now');
  });
  await expect(channel.send('again')).rejects.toThrow();
  await expect(channel.send('never mind')).rejects.toThrow();
  const [again, never] = channel.messages.get().items;
  answer((input) => ({ sendMessage: server.send('ada', input) }));
  await channel.retry(again?.id ?? '');
  channel.discard(never?.id ?? '');
  await settle();
  expect(shown()).toEqual(['again: sent']);
  expect(sent().map(({ id }) => id)).toEqual([again?.id, never?.id, again?.id]);
  await expect(channel.retry(again?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
});

test('without a network messages wait for as long as it takes, then go out in order, each once', async () => {
  const { channel, server, network, clock, shown, sent } = await liveWorld();
  network.acceptHttp = false;
  network.acceptSockets = false;
  network.socket.drop();
  const sending = Promise.all([channel.send('one'), channel.send('two'), channel.send('three')]);
  await clock.advanceAsync(10 * 60_000);
  expect(shown()).toEqual(['one: sending', 'two: sending', 'three: sending']);
  network.acceptHttp = true;
  network.acceptSockets = true;
  await clock.advanceAsync(30_000);
  await sending;
  expect(shown()).toEqual(['one: sent', 'two: sent', 'three: sent']);
  expect(sent().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect(server.messages.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('a message on which the server breaks each time fails in the end, and lets the others through', async () => {
  const { channel, server, answer, clock, shown } = await liveWorld();
  answer((input) => {
    if (input.text === 'poison') throw new ParleyError('internal', 'unable to send message; something broke');
    return { sendMessage: server.send('ada', input) };
  });
  const poison = expect(channel.send('poison')).rejects.toMatchObject({ code: 'internal' });
  const good = channel.send('good');
  await clock.advanceAsync(3 * 60_000);
  await poison;
  await good;
  expect(shown()).toEqual(['good: sent', 'poison: failed']);
});

test('a network that is back sends what waits at once', async () => {
  const { channel, network, clock, settle, hint } = await liveWorld();
  network.acceptHttp = false;
  network.acceptSockets = false;
  network.socket.drop();
  const sending = channel.send('hello');
  await clock.advanceAsync(30_000);
  network.acceptHttp = true;
  network.acceptSockets = true;
  hint('try');
  await settle();
  expect(await sending).toMatchObject({ text: 'hello' });
});

test('the server says how long to wait', async () => {
  const { channel, server, answer, sent, clock } = await liveWorld();
  answer((input) => {
    if (sent().length === 1) throw new ParleyError('rate_limited', 'unable to send; too fast', { retryAfterMs: 4_000 });
    return { sendMessage: server.send('ada', input) };
  });
  const sending = channel.send('hello');
  await clock.advanceAsync(3_900);
  expect(sent()).toHaveLength(1);
  await clock.advanceAsync(100);
  await sending;
});

test('disconnecting fails nothing: what waits goes out with the next connection, once', async () => {
  const { channel, client, server, answer, clock, sent, shown, settle } = await liveWorld();
  answer((input) => {
    // The server has it, and the answer never comes.
    server.send('ada', input, false);
    return new Promise(() => {});
  });
  const outcomes = Promise.all([channel.send('one'), channel.send('two')]);
  await settle();
  client.disconnect();
  await clock.advanceAsync(10 * 60_000);
  expect(shown()).toEqual(['one: sending', 'two: sending']);
  expect(sent()).toHaveLength(1);
  answer((input) => ({ sendMessage: server.send('ada', input) }));
  await client.connect();
  await settle();
  expect((await outcomes).map(({ text }) => text)).toEqual(['one', 'two']);
  expect(shown()).toEqual(['one: sent', 'two: sent']);
  expect(server.messages).toHaveLength(2);
});

test('what waits does not go out in the name of another person', async () => {
  let whose = 'ada';
  const { client, network, clock } = createWorld({ userId: 'ada', getToken: () => tokenOf({ sub: whose }) });
  const channel = client.channel(new FakeChannel(network).id);
  network.acceptHttp = false;
  network.acceptSockets = false;
  const outcome = expect(channel.send('mine')).rejects.toMatchObject({ code: 'wrong_user' });
  await clock.advanceAsync(0);
  whose = 'bob';
  client.disconnect();
  network.acceptHttp = true;
  network.acceptSockets = true;
  network.refuseWith = () => 4_401;
  client.connect().catch(() => {});
  await clock.advanceAsync(0);
  channel.send('again').catch(() => {});
  await clock.advanceAsync(60_000);
  await outcome;
  expect(network.named('sendMessage')).toEqual([]);
});

test('what is empty or too long is refused before it is sent', async () => {
  const { channel, sent } = await liveWorld();
  await expect(channel.send('')).rejects.toMatchObject({ code: 'invalid_input', details: { field: 'text' } });
  await expect(channel.send('x'.repeat(10_001))).rejects.toMatchObject({ details: { field: 'text', limit: 10_000 } });
  await expect(channel.send({ id: 'no uuid', text: 'x' })).rejects.toMatchObject({ details: { field: 'id' } });
  expect(sent()).toHaveLength(0);
});

test('a quoted message shows at once, and a reply is no part of the list', async () => {
  const { channel, server, answer, settle } = await liveWorld();
  const source = server.send('bob', { text: 'source' });
  await settle();
  answer(() => new Promise(() => {}));
  channel.send({ text: 'quoting', quotedId: source.id }).catch(() => {});
  channel.send({ text: 'reply', parentId: source.id }).catch(() => {});
  const items = channel.messages.get().items;
  expect(items.map(({ text }) => text)).toEqual(['source', 'quoting']);
  expect(items[1]).toMatchObject({ quoted: { text: 'source' }, user: { id: 'ada' } });
});

test('a reply from the log counts at its root', async () => {
  const { channel, server, settle } = await liveWorld();
  const root = server.send('bob', { text: 'root' });
  const reply = message(2, { parentId: root.id, user: user('eve') });
  server.append({ __typename: 'MessageCreated', message: reply });
  await settle();
  expect(channel.messages.get().items.map(({ text, replyCount }) => [text, replyCount])).toEqual([['root', 1]]);
  server.append({ __typename: 'MessageDeleted', message: { ...reply, deletedAt: reply.createdAt }, hard: false });
  await settle();
  expect(channel.messages.get().items[0]?.replyCount).toBe(0);
});
