import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createFanout, createFanoutServer } from './index.ts';

const short = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 20 };

/** A fan-out node on a port; gives what says something to it, byte for byte. */
async function start() {
  const bus = createMemoryBus();
  const fanout = createFanout({ bus, logger: silentLogger() });
  const server = createFanoutServer(fanout, { limits: short });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await fanout.close();
    await bus.close();
  });
  return (text: string) => {
    // A server that listens on a port has an address of this form.
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const peer = { text: '', closed: false };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      peer.text += chunk.toString('latin1');
    });
    socket.once('close', () => {
      peer.closed = true;
    });
    socket.write(text);
    return peer;
  };
}

test('a request that is never finished is sent away, and a socket that waits for its peer is not', async () => {
  const say = await start();
  const socket = say(
    'GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  await vi.waitFor(() => expect(socket.text).toContain('101 Switching Protocols'));
  const halfOpen = say('POST /graphql HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n');
  await vi.waitFor(() => expect(halfOpen.closed).toBe(true));
  expect(socket.closed).toBe(false);
});

test('an upgrade to HTTP/2 is ignored and the request answered', async () => {
  const say = await start();
  const peer = say(
    'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
  );
  await vi.waitFor(() => expect(peer.text).toMatch(/^HTTP\/1\.1 200 OK.*"ok":true/s));
});
