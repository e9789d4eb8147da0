import { FakeChannel } from './fake-channel.ts';
import { createWorld } from './world.ts';

/** A client with one channel on a fake server, what its listener saw and the texts that it shows. */
export function openWorld() {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  const channel = world.client.channel(server.id);
  const seen: number[] = [];
  channel.on((event) => {
    if (event.__typename === 'MessageCreated') seen.push(event.seq);
  });
  const texts = () => channel.messages.get().items.map(({ text }) => text);
  return { ...world, server, channel, seen, texts };
}
