import type { Channel, Client } from '@parley/sdk-js';
import { expect, vi } from 'vitest';
import type { App } from './world.ts';

const patience = { timeout: 30_000, interval: 10 };

/** Waits until the assertions hold. */
export const eventually = (assertions: () => void): Promise<void> => vi.waitFor(assertions, patience);

/** The texts that a person sees in a channel, in their order. */
export const textsOf = (channel: Channel): string[] => channel.messages.get().items.map(({ text }) => text);

/** Opens a channel for a person and waits until it is live. */
export async function open(client: Client, channelId: string): Promise<Channel> {
  const channel = client.channel(channelId);
  channel.watch();
  await channel.ready();
  return channel;
}

/** Two people, each on the node that the caller chose. */
export interface Pair {
  readonly app: App;
  readonly ada: Client;
  readonly bob: Client;
}

/** What two people do with one another; the same whatever stands between them. */
export const chats: Readonly<Record<string, (pair: Pair) => Promise<void>>> = {
  'what one writes the other sees at once, in order': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    await adas.send('one');
    await bobs.send('two');
    await adas.send('three');
    await eventually(() => expect(textsOf(bobs)).toEqual(['one', 'two', 'three']));
    await eventually(() => expect(textsOf(adas)).toEqual(['one', 'two', 'three']));
    expect(adas.messages.get().items.every(({ status }) => status === 'sent')).toBe(true);
  },

  'many messages from both at once end in the same order for both': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    const sends = Array.from({ length: 20 }, (_, index) => [adas.send(`a${index}`), bobs.send(`b${index}`)]);
    await Promise.all(sends.flat());
    await eventually(() => expect(textsOf(bobs)).toHaveLength(40));
    await eventually(() => expect(textsOf(adas)).toEqual(textsOf(bobs)));
  },

  'an edit, a deletion and a reaction reach the other': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    const first = await adas.send('helo');
    const second = await adas.send('to be gone');
    await eventually(() => expect(textsOf(bobs)).toHaveLength(2));
    await adas.edit(first.id, 'hello');
    await adas.delete(second.id);
    await bobs.react(first.id, '❤️');
    await eventually(() => {
      const [edited, deleted] = bobs.messages.get().items;
      expect(edited).toMatchObject({ text: 'hello', editedAt: expect.any(String) });
      expect(deleted).toMatchObject({ text: '', deletedAt: expect.any(String) });
    });
    await eventually(() =>
      expect(adas.messages.get().items[0]?.reactionGroups).toEqual([expect.objectContaining({ type: '❤️', count: 1 })]),
    );
  },

  'reactions come and go on every device of who gives them, and an exclusive one takes the own others away': async ({
    app,
    ada,
    bob,
  }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, phone, bobs] = await Promise.all([open(ada, id), open(app.person('ada'), id), open(bob, id)]);
    const { id: messageId } = await bobs.send('react to me');
    const own = (channel: Channel) => channel.messages.get().items[0]?.ownReactions?.map(({ type }) => type);
    await adas.react(messageId, '👍');
    await bobs.react(messageId, '🎉');
    await eventually(() => expect([own(adas), own(phone), own(bobs)]).toEqual([['👍'], ['👍'], ['🎉']]));
    await adas.react(messageId, '❤️', { exclusive: true });
    await eventually(() => expect([own(adas), own(phone), own(bobs)]).toEqual([['❤️'], ['❤️'], ['🎉']]));
    await adas.unreact(messageId, '❤️');
    await eventually(() => expect([own(adas), own(phone), own(bobs)]).toEqual([[], [], ['🎉']]));
  },

  'typing shows while it lasts': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    adas.keystroke();
    await eventually(() => expect(bobs.typing.get().map((user) => user.id)).toEqual(['ada']));
    adas.stopTyping();
    await eventually(() => expect(bobs.typing.get()).toEqual([]));
    expect(adas.typing.get()).toEqual([]);
  },

  'reading moves the pointer that the other sees, and empties the unread number': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    const { seq } = await adas.send('read me');
    await eventually(() => expect(bobs.unread.get().count).toBe(1));
    await bobs.markRead();
    await eventually(() => expect(adas.reads.get().get('bob')).toBeGreaterThanOrEqual(seq));
    await eventually(() => expect(bobs.unread.get().count).toBe(0));
    expect(adas.unread.get().count).toBe(0);
  },

  'presence follows the socket': async ({ app, ada, bob }) => {
    await app.channel('ada', 'bob');
    const seen = ada.presence.of('bob');
    const unwatch = ada.presence.watch(['bob']);
    await eventually(() => expect(seen.get()).toMatchObject({ online: false }));
    await bob.connect();
    await eventually(() => expect(seen.get()).toMatchObject({ online: true }));
    bob.disconnect();
    await eventually(() => expect(seen.get()).toMatchObject({ online: false, lastActiveAt: expect.any(String) }));
    unwatch();
  },

  'a list that is not looking inside shows new channels, their last message and the unread number': async (pair) => {
    const { app, ada, bob } = pair;
    const list = bob.channels();
    const unwatch = list.watch();
    const unwatchInbox = bob.inbox.watch();
    await eventually(() => expect(list.get().status).toBe('ready'));
    const first = await app.channel('ada', 'bob');
    const second = await app.channel('ada', 'bob');
    await eventually(() =>
      expect(
        list
          .get()
          .items.map((item) => item.id)
          .sort(),
      ).toEqual([first, second].sort()),
    );
    await (await open(ada, first)).send('look here');
    await eventually(() =>
      expect(list.get().items[0]).toMatchObject({ id: first, unreadCount: 1, lastMessage: { text: 'look here' } }),
    );
    await eventually(() => expect(bob.inbox.get()).toMatchObject({ totalUnread: 1, unreadChannels: 1 }));
    unwatch();
    unwatchInbox();
  },

  'a member who was away gets what was missed, in order': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    await adas.send('before');
    await eventually(() => expect(textsOf(bobs)).toEqual(['before']));
    bob.disconnect();
    await adas.send('one');
    await adas.send('two');
    await bob.connect();
    await eventually(() => expect(textsOf(bobs)).toEqual(['before', 'one', 'two']));
  },

  'somebody who is removed is cut off': async ({ app, ada, bob }) => {
    const id = await app.channel('ada', 'bob');
    const [adas, bobs] = await Promise.all([open(ada, id), open(bob, id)]);
    await adas.send('for both');
    await eventually(() => expect(textsOf(bobs)).toEqual(['for both']));
    await app.server.removeMembers(id, ['bob']);
    // Within a second on a machine with room, which `npm run chaos` measures.
    await eventually(() => expect(bobs.state.get().status).toBe('closed'));
    await adas.send('for ada alone');
    await expect(bobs.send('still here?')).rejects.toMatchObject({ code: 'forbidden' });
  },
};
