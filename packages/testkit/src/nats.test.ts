import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type NatsServer, startNats } from './nats.ts';
import { requireTool } from './tools.ts';

const tool = requireTool('nats-server');
const started: NatsServer[] = [];

async function start(): Promise<NatsServer> {
  const server = await startNats();
  started.push(server);
  return server;
}

/** Connects and gives what the server has said so far. */
function talkTo(port: number): { socket: Socket; heard: () => string } {
  let heard = '';
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  return { socket, heard: () => heard };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe.skipIf(tool.missing)(tool.label('a NATS server of a test'), () => {
  test('answers as soon as it is started, and no more once it is killed', async () => {
    const server = await start();
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
    const { socket, heard } = talkTo(server.port);
    socket.write('PING\r\n');
    await vi.waitFor(() => expect(heard()).toContain('PONG'));
    const closed = once(socket, 'close');
    await server.kill();
    await closed;
    const refused = connect(server.port, '127.0.0.1');
    await expect(once(refused, 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  test('says nothing while it is paused and goes on when resumed', async () => {
    const server = await start();
    const { socket, heard } = talkTo(server.port);
    await vi.waitFor(() => expect(heard()).toContain('INFO'));
    await server.pause();
    socket.write('PING\r\n');
    const other = talkTo(server.port);
    await once(other.socket, 'connect');
    expect(heard()).not.toContain('PONG');
    expect(other.heard()).toBe('');
    server.resume();
    await vi.waitFor(() => expect(heard()).toContain('PONG'));
    socket.destroy();
    other.socket.destroy();
  });

  test('comes back on the same port after a restart, and stops even when paused', async () => {
    const server = await start();
    await server.restart();
    const { socket, heard } = talkTo(server.port);
    await vi.waitFor(() => expect(heard()).toContain('INFO'));
    socket.destroy();
    await server.pause();
    await server.stop();
    await server.stop();
  });
});
