import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { recordingLogger } from '../../test/recording-logger.ts';
import { createHttpServer, type HttpServerOptions, httpLimits } from './http-server.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Times so short that a test need not wait, in the same order as those of production. */
const short = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 20 };

async function start(options: Partial<HttpServerOptions> = {}) {
  const { logger, faults } = recordingLogger();
  const server = createHttpServer({
    handle: (request, response) => {
      request.resume();
      request.once('end', () => response.end('answered'));
    },
    logger,
    ...options,
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  /** Says something; gives what is heard, and whether the other side has closed. */
  const say = (text: string) => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    const heard = { socket, text: '', closed: false };
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      heard.text += chunk;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      heard.closed = true;
    });
    socket.write(text);
    return heard;
  };
  return { say, faults, server };
}

describe('a peer that takes its time', () => {
  test.each([
    ['says nothing', ''],
    ['does not end its headers', 'GET / HTTP/1.1\r\nHost: a\r\nX: '],
    ['does not end its body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{'],
  ])('and %s is sent away', async (_name, said) => {
    const { say } = await start({ limits: short });
    const peer = say(said);
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    expect(peer.text).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('and sends its body byte by byte is sent away all the same', async () => {
    const { say } = await start({ limits: short });
    const peer = say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n');
    const drip = setInterval(() => peer.socket.write(' '), 10);
    await vi.waitFor(() => expect(peer.closed).toBe(true)).finally(() => clearInterval(drip));
  });

  test('is no concern of a stream or a socket that runs', async () => {
    const { say } = await start({
      limits: short,
      handle: (_request, response) => void response.writeHead(200).write('event'),
      upgrade: (_request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    });
    const stream = say('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const socket = say('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await vi.waitFor(() => expect(socket.text).toContain('101'));
    const idle = say('');
    await vi.waitFor(() => expect(idle.closed).toBe(true));
    const late = say('');
    await vi.waitFor(() => expect(late.closed).toBe(true));
    expect([stream.closed, socket.closed]).toEqual([false, false]);
  });

  test('in production waits a dozen seconds, not a minute', async () => {
    const { server } = await start();
    expect(server.headersTimeout).toBe(10_000);
    expect(server.requestTimeout).toBe(30_000);
    expect(httpLimits.connectionsCheckingInterval).toBeLessThanOrEqual(2_000);
  });
});

test('headers without end are refused', async () => {
  const { say } = await start();
  const peer = say(`GET / HTTP/1.1\r\nHost: a\r\n${`X: ${'y'.repeat(1_000)}\r\n`.repeat(20)}\r\n`);
  await vi.waitFor(() => expect(peer.text).toMatch(/^HTTP\/1\.1 431 /));
});

test.each(['h2c', 'TLS/1.2', 'foo, bar'])('an upgrade to %s is ignored and the request answered', async (protocol) => {
  const upgrade = vi.fn<() => void>();
  const { say } = await start({ upgrade });
  const headers = `Host: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n`;
  const get = say(`GET / HTTP/1.1\r\n${headers}\r\n`);
  await vi.waitFor(() => expect(get.text).toMatch(/^HTTP\/1\.1 200 OK.*answered/s));
  const post = say(`POST / HTTP/1.1\r\n${headers}Content-Length: 2\r\n\r\n{}`);
  await vi.waitFor(() => expect(post.text).toMatch(/^HTTP\/1\.1 200 OK.*answered/s));
  expect(upgrade).not.toHaveBeenCalled();
});

describe('a handler that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
    ],
    ['rejects', () => Promise.reject(new Error('late'))],
  ])('because it %s costs its caller an answer, and the process nothing', async (_name, handle) => {
    const { say, faults } = await start({ handle, upgrade: handle });
    const peer = say('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect(peer.text).toMatch(/^HTTP\/1\.1 500 /));
    const socket = say('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n');
    await vi.waitFor(() => expect(socket.closed).toBe(true));
    expect(faults).toHaveLength(2);
  });
});
