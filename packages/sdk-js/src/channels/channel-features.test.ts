import { channelEventKinds } from '@parley/contracts';
import { buildEvent } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import { FakeChannel, user } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';
import { isLogged } from './channel-event.ts';

type EventName = keyof typeof channelEventKinds;
const isStore = (value: unknown): value is { subscribe(listener: () => void): () => void } =>
  typeof value === 'object' && value !== null && 'subscribe' in value;

test('each store of a channel follows the snapshot and the events', async () => {
  const { network, client, settle } = createWorld();
  const server = new FakeChannel(network);
  server.send('bob', { text: 'hello' });
  const channel = client.channel(server.id);
  const stores = Object.entries(channel).filter(([, value]) => isStore(value));
  const changed = new Set<string>();
  for (const [name, store] of stores) if (isStore(store)) store.subscribe(() => void changed.add(name));
  channel.watch();
  await settle();
  // Whatever follows the deletion of a channel is not heard.
  const names = Object.keys(channelEventKinds).filter((name): name is EventName => name !== 'ChannelDeleted');
  for (const name of names) {
    if (channelEventKinds[name] === 'marker') continue;
    const event = buildEvent(name, { channelId: server.id });
    if (isLogged(event)) server.append(event);
    else server.publish({ ...event, ...('user' in event ? { user: user('bob') } : {}) });
  }
  await settle();
  expect([...changed].sort()).toEqual(stores.map(([name]) => name).sort());
});
