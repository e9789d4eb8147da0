import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { nextMessageOf, serveBroadcasts } from './broadcaster.ts';

// The least that a WebSocket server can do: one Buffer for all, sent to each with `ws.send`.
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, clientTracking: true });
// Sockets that are reset by the end of a measurement.
server.on('connection', (socket) => socket.on('error', () => undefined));
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

serveBroadcasts({
  address: `ws://127.0.0.1:${port}/`,
  publish(seq, text) {
    const message = Buffer.from(nextMessageOf(seq, text));
    for (const client of server.clients) client.send(message, { binary: false });
  },
});
