import fc from 'fast-check';
import { expect, test } from 'vitest';
import { message } from '../../test/fake-channel.ts';
import { longChannel } from '../../test/long-channel.ts';

test('what is new while the newest messages are not loaded counts, and does not stand behind a hole', async () => {
  const { server, channel, settle, shown } = await longChannel({ messages: 200, read: 80 });
  for (let count = 0; count < 12; count += 1) server.send('bob', { text: 'new' });
  await settle();
  expect(shown()).toMatchObject({ to: '105', hasNewer: true });
  expect(channel.unread.get().count).toBe(132);
});

test('what happens to loaded messages shows, wherever they are in the timeline', async () => {
  const { server, settle, texts } = await longChannel({ messages: 200, read: 80 });
  const [changed, gone, far] = [server.messages[90], server.messages[91], server.messages[150]];
  if (changed === undefined || gone === undefined || far === undefined) throw new Error('there are 200 messages');
  server.edit(changed, 'changed');
  server.erase(gone);
  server.edit(far, 'not loaded');
  await settle();
  expect(texts().slice(35, 37)).toEqual(['changed', '93']);
  expect(texts()).not.toContain('not loaded');
});

test('paging on reaches the newest message, and from there on new ones are added', async () => {
  const { server, channel, settle, shown, texts } = await longChannel({ messages: 200, read: 80 });
  await Promise.all([channel.messages.loadNewer(), channel.messages.loadNewer()]);
  expect(shown()).toMatchObject({ to: '155', hasNewer: true });
  const loading = channel.messages.loadNewer();
  expect(channel.messages.get().loadingNewer).toBe(true);
  server.send('bob', { text: '201' });
  await loading;
  await settle();
  server.send('bob', { text: '202' });
  await settle();
  expect(shown()).toEqual({ from: '56', to: '202', hasOlder: true, hasNewer: false });
  expect(texts()).toEqual(Array.from({ length: 147 }, (_, index) => `${index + 56}`));
  await channel.messages.loadNewer();
  expect(channel.messages.get().loadingNewer).toBe(false);
});

test('a message from long ago is loaded with its neighbours by one request', async () => {
  const { server, channel, pages, shown } = await longChannel({ messages: 1_200 });
  const old = server.messages[49];
  expect(await channel.messages.loadAround(old?.id ?? '')).toBe(true);
  expect(shown()).toEqual({ from: '25', to: '74', hasOlder: true, hasNewer: true });
  expect(await channel.messages.loadAround(old?.id ?? '')).toBe(true);
  expect(pages()).toHaveLength(1);
});

test('to a message that is not there one does not come, and what is shown stays', async () => {
  const { channel, network, server, shown } = await longChannel({ messages: 100 });
  const before = channel.messages.get().items;
  expect(await channel.messages.loadAround(message(5_000).id)).toBe(false);
  // The API cuts around a reply too, which is not in the timeline.
  network.handlers.set('Messages', () => ({ channel: { messages: server.page({ first: 10 }) } }));
  expect(await channel.messages.loadAround(message(5_001, { parentId: message(1).id }).id)).toBe(false);
  expect(channel.messages.get().items).toEqual(before);
  expect(shown()).toMatchObject({ to: '100' });
});

test('of two jumps the later one counts', async () => {
  const { server, channel, shown } = await longChannel({ messages: 1_200 });
  const idOf = (number: number) => server.messages[number - 1]?.id ?? '';
  const jumps = Promise.all([100, 600].map((number) => channel.messages.loadAround(idOf(number))));
  expect(await jumps).toEqual([false, true]);
  expect(shown()).toMatchObject({ from: '575', to: '624' });
});

test('the newest messages are one request away, also with what came while they were loaded', async () => {
  const { server, channel, network, settle, shown, pages } = await longChannel({ messages: 200, read: 20 });
  network.handlers.set('Messages', ({ variables }) => {
    const messages = server.page(variables);
    server.send('bob', { text: '201' });
    const edited = server.messages[190];
    if (edited !== undefined) server.edit(edited, 'edited');
    return { channel: { messages } };
  });
  await channel.messages.jumpToNewest();
  await settle();
  expect(shown()).toEqual({ from: '151', to: '201', hasOlder: true, hasNewer: false });
  expect(channel.messages.get().items[40]?.text).toBe('edited');
  await channel.messages.jumpToNewest();
  expect(pages()).toHaveLength(2);
});

test('who writes comes to the newest messages, and sees the own one once', async () => {
  const { channel, network, server, settle, shown, texts, pages } = await longChannel({ messages: 200, read: 20 });
  const answers: (() => void)[] = [];
  network.handlers.set(
    'sendMessage',
    ({ variables }) =>
      new Promise((resolve) => {
        const { id, text } = variables['input'] as { id: string; text: string };
        answers.push(() => resolve({ sendMessage: server.send('ada', { id, text }) }));
      }),
  );
  const sending = channel.send('mine');
  expect(texts().at(-1)).toBe('mine');
  await settle();
  expect(texts().slice(-2)).toEqual(['200', 'mine']);
  answers[0]?.();
  await sending;
  await settle();
  expect(shown()).toMatchObject({ to: 'mine', hasNewer: false });
  expect(texts().filter((text) => text === 'mine')).toHaveLength(1);
  expect(pages()).toHaveLength(2);
});

test('an own message shows even while the newest ones cannot be loaded, and comes with them later', async () => {
  const { channel, network, server, settle, texts } = await longChannel({ messages: 200, read: 20 });
  const answer = network.handlers.get('Messages');
  network.handlers.set('Messages', () => Promise.reject(new Error('the database is away')));
  const answers: (() => void)[] = [];
  network.handlers.set(
    'sendMessage',
    ({ variables }) =>
      new Promise((resolve) => {
        const { id, text } = variables['input'] as { id: string; text: string };
        answers.push(() => resolve({ sendMessage: server.send('ada', { id, text }) }));
      }),
  );
  const sending = channel.send('mine');
  await settle();
  expect(texts().at(-1)).toBe('mine');
  if (answer !== undefined) network.handlers.set('Messages', answer);
  answers[0]?.();
  await sending;
  await settle();
  expect(texts().slice(-2)).toEqual(['200', 'mine']);
});

test('a reply in a thread moves nothing', async () => {
  const { channel, network, server, settle, shown } = await longChannel({ messages: 200, read: 20 });
  const before = shown();
  const parentId = server.messages[20]?.id ?? '';
  network.handlers.set('sendMessage', () => ({ sendMessage: message(201, { parentId, ownReactions: [] }) }));
  await channel.send({ text: 'below', parentId });
  await settle();
  expect(shown()).toEqual(before);
});

const actions = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('send') },
    { weight: 2, arbitrary: fc.constant('edit') },
    { weight: 2, arbitrary: fc.constant('erase') },
    { weight: 3, arbitrary: fc.constant('older') },
    { weight: 3, arbitrary: fc.constant('newer') },
    { weight: 1, arbitrary: fc.constant('around') },
    { weight: 1, arbitrary: fc.constant('newest') },
    { weight: 3, arbitrary: fc.constant('answer') },
    { weight: 1, arbitrary: fc.constant('cut') },
  ),
  { minLength: 5, maxLength: 40 },
);

test('whatever is loaded and whatever happens meanwhile: what is shown is a part of the timeline without holes', async () => {
  await fc.assert(
    fc.asyncProperty(actions, fc.boolean(), async (steps, readLate) => {
      const world = await longChannel({ messages: 400, read: 150 });
      const { server, channel, network, clock, settle, client } = world;
      const { messages } = channel;
      // A page is read when it is asked for, or just before it is answered.
      const answers: (() => void)[] = [];
      network.handlers.set('Messages', ({ variables }) => {
        const early = readLate ? null : server.page(variables);
        return new Promise((resolve) =>
          answers.push(() => resolve({ channel: { messages: early ?? server.page(variables) } })),
        );
      });
      const running: Promise<unknown>[] = [];
      let number = 0;
      const some = () => {
        number += 1;
        const loaded = messages.get().items;
        const among = number % 3 === 0 ? server.messages : loaded;
        const { id } = among[(number * 37) % among.length] ?? {};
        return server.messages.find((one) => one.id === id);
      };
      const does: Record<string, () => unknown> = {
        send: () => server.send('bob', { text: 'sent' }),
        edit: () => server.edit(some() ?? message(1), `edit ${number}`),
        erase: () => server.erase(some() ?? message(1)),
        older: () => running.push(messages.loadOlder()),
        newer: () => running.push(messages.loadNewer()),
        around: () => running.push(messages.loadAround(server.messages[(number * 53) % 300]?.id ?? '')),
        newest: () => running.push(messages.jumpToNewest()),
        answer: () => answers.shift()?.(),
        cut: () => network.socket.drop(),
      };
      for (const step of steps) {
        does[step]?.();
        await (step === 'cut' ? clock.advanceAsync(1_000) : settle());
      }
      for (let round = 0; round < 20; round += 1) {
        for (const answer of answers.splice(0)) answer();
        await clock.advanceAsync(1_000);
      }
      // A message that was erased meanwhile may have been asked for.
      await Promise.allSettled(running);
      const { items, hasOlder, hasNewer } = messages.get();
      const from = server.messages.findIndex(({ id }) => id === items[0]?.id);
      const part = server.messages.slice(from, from + items.length);
      expect(items.map(({ seq, text }) => [seq, text])).toEqual(part.map(({ seq, text }) => [seq, text]));
      expect(hasNewer || from + items.length === server.messages.length).toBe(true);
      expect(hasOlder || from === 0).toBe(true);
      client.disconnect();
    }),
    { numRuns: 60 },
  );
});
