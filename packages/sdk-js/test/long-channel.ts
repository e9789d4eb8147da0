import type { WatchOptions } from '../src/channels/channel.ts';
import { FakeChannel } from './fake-channel.ts';
import { createWorld } from './world.ts';

export interface LongChannelOptions {
  readonly messages: number;
  /** How many of them ada has read; default: all. */
  readonly read?: number;
  readonly openAt?: WatchOptions['openAt'];
}

/** Ada has opened a channel in which bob wrote a lot: messages with the texts 1, 2, 3, … at those positions. */
export async function longChannel({ messages, read = messages, openAt }: LongChannelOptions) {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  for (let number = 1; number <= messages; number += 1) server.send('bob', { text: `${number}` });
  server.viewer = { ...server.viewer, readSeq: read, unreadCount: messages - read };
  const channel = world.client.channel(server.id);
  const leave = channel.watch({ openAt });
  await world.settle();
  const texts = (): string[] => channel.messages.get().items.map(({ text }) => text);
  /** The first and the last text, and which ways it goes on. */
  const shown = () => {
    const { hasOlder, hasNewer } = channel.messages.get();
    return { from: texts()[0], to: texts().at(-1), hasOlder, hasNewer };
  };
  const pages = () => world.network.named('Messages').map(({ variables }) => variables);
  return { ...world, server, channel, leave, texts, shown, pages };
}
