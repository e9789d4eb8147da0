import { EventEmitter, on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { sdl } from '@parley/contracts/sdl';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { broadcastEvent, serveBroadcasts } from './broadcaster.ts';

// As its documentation shows it: each subscriber has an iterator of its own, and the selection is executed for each.
const schema = buildSchema(sdl);
const field = schema.getSubscriptionType()?.getFields()['channelEvents'];
if (field === undefined) throw new Error('unable to measure; the schema has no channelEvents');
const events = new EventEmitter().setMaxListeners(0);
field.subscribe = async function* () {
  for await (const values of on(events, 'event')) {
    const channelEvents: unknown = values[0];
    yield { channelEvents };
  }
};

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
useServer({ schema }, server);
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

serveBroadcasts({
  address: `ws://127.0.0.1:${port}/graphql`,
  publish(seq, text) {
    events.emit('event', broadcastEvent(seq, text));
  },
});
