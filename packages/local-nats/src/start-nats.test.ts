import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NatsMissingError } from './errors.ts';
import { findNatsServer, type NatsServer, startNats } from './start-nats.ts';
import { startNatsCluster } from './start-nats-cluster.ts';

const missing = findNatsServer() === undefined && process.env['CI'] !== 'true';
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

describe.skipIf(missing)('a NATS server of our own (needs nats-server: apt-get install nats-server)', () => {
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

  test('says how it ended, and comes back after a crash', async () => {
    const server = await start();
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    expect(await server.ended).toBe('SIGKILL');
    await server.restart();
    expect(server.pid).not.toBe(pid);
  });

  test('a stop in the middle of a restart leaves no process', async () => {
    const server = await start();
    const restarted = server.restart();
    await server.stop();
    await restarted;
    await server.ended;
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  });

  test('three of them are one bus: what is said to one is heard at the others', async () => {
    const servers = await startNatsCluster(3);
    started.push(...servers);
    const [first, second, third] = servers.map(({ port }) => talkTo(port));
    second?.socket.write('SUB news 1\r\nPING\r\n');
    third?.socket.write('SUB news 1\r\nPING\r\n');
    // Interest travels between the servers in its own time, so it is said until it is heard.
    await vi.waitFor(() => {
      first?.socket.write('PUB news 5\r\nhello\r\n');
      for (const listener of [second, third]) expect(listener?.heard()).toContain('hello');
    });
    for (const talk of [first, second, third]) talk?.socket.destroy();
  });
});

test('without a nats-server one sentence says how to get one', () => {
  expect(new NatsMissingError().message).toMatch(
    /^unable to start NATS; [^\n]*apt install nats-server, brew install [^\n]*$/,
  );
});
