import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { resultOf, serveBroadcasts } from './broadcaster.ts';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => void socket.join('bench'));
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo;

serveBroadcasts({
  address: `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`,
  publish(seq, text) {
    io.to('bench').emit('next', resultOf(seq, text));
  },
});
