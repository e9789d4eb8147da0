import { type ChannelEvent, isLogged } from '@parley/sdk-js';
import { startTcpProxy } from '@parley/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, open, textsOf } from './two-people-chat.ts';
import { type App, startWorld, type World } from './world.ts';

const burst = 200;
const readersAtOnce = 26;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** Cut points 0 to 200, as many at once as one user may hold sockets. */
const groups = Array.from({ length: Math.ceil((burst + 1) / readersAtOnce) }, (_, group) => {
  const first = group * readersAtOnce;
  return { first, last: Math.min(first + readersAtOnce - 1, burst) };
});

test.for(groups)(
  'a cut after $first to $last messages of a burst loses and doubles nothing',
  async ({ first, last }) => {
    const cuts = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const app = await world.app();
    const channelId = await app.channel('ada', 'bob');
    const readers = await Promise.all(cuts.map((cut) => readerCutAfter(app, channelId, cut)));
    const texts = Array.from({ length: burst }, (_, index) => `message ${index + 1}`);
    for (const text of texts) await app.server.sendMessage('ada', { channelId, text });
    for (const reader of readers) {
      await eventually(() => expect(reader.texts()).toEqual(texts));
      expect(reader.cuts()).toBe(1);
      // The channel's first event is its creation with members, or the first message: dense from wherever it began.
      const seqs = reader.seqs();
      expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
      await reader.close();
    }
  },
);

/** Somebody whose connection breaks once, at the moment that `cut` messages of the burst have arrived. */
async function readerCutAfter(app: App, channelId: string, cut: number) {
  const fanout = new URL(world.fanoutUrls[0] ?? '');
  const proxy = await startTcpProxy({ target: { host: fanout.hostname, port: Number(fanout.port) } });
  const client = app.person('bob', { socketUrl: proxy.url('ws', '/graphql') });
  const channel = await open(client, channelId);
  const seqs: number[] = [];
  let messages = 0;
  let cuts = 0;
  const cutWhenDue = () => {
    if (cuts > 0 || messages < cut) return;
    cuts += 1;
    proxy.cut();
  };
  channel.on((event: ChannelEvent) => {
    if (isLogged(event)) seqs.push(event.seq);
    if (event.__typename === 'MessageCreated') messages += 1;
    cutWhenDue();
  });
  cutWhenDue();
  return {
    texts: () => textsOf(channel),
    seqs: () => seqs,
    cuts: () => cuts,
    async close() {
      client.disconnect();
      await proxy.close();
    },
  };
}
