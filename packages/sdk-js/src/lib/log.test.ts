import { ParleyError } from '@parley/contracts';
import { expect, test, vi } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { createWorld, tokenOf } from '../../test/world.ts';
import { createLog, type Logger, type LogLevel } from './log.ts';

const sink = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }) satisfies Logger;

test('what is less important than the level is left out; the default is warn', () => {
  const said = (logLevel?: LogLevel) => {
    const logger = sink();
    const log = createLog({ logger, logLevel });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, 'something', { seq: 1 });
    return Object.entries(logger).flatMap(([level, { mock }]) => (mock.calls.length > 0 ? [level] : []));
  };
  expect(said('debug')).toEqual(['debug', 'info', 'warn', 'error']);
  expect(said()).toEqual(['warn', 'error']);
  expect(said('silent')).toEqual([]);
});

test('a level that there is not is refused with those that there are', () => {
  const logLevel: string = 'verbose';
  expect(() => createWorld({ logLevel: logLevel as LogLevel })).toThrow(/logLevel; it must be one of debug, info/);
});

test('every step of a life is traced, without the token and without a word that was written', async () => {
  const logger = sink();
  const token = tokenOf({ sub: 'ada', exp: 2_000_000_000 });
  const { network, clock, client, settle } = createWorld({ getToken: () => token, logger, logLevel: 'debug' });
  const server = new FakeChannel(network);
  const channel = client.channel(server.id);
  channel.watch();
  await settle();
  await channel.send('a secret word');
  // An event that got lost, a socket that breaks, a log that was set back, a message that is refused.
  server.send('bob', { text: 'another secret word' }, false);
  server.send('bob', { text: 'and one more secret word' });
  await clock.advanceAsync(1_000);
  network.socket.drop();
  await clock.advanceAsync(1_000);
  server.epoch = 'two';
  network.socket.drop();
  await clock.advanceAsync(1_000);
  network.handlers.set('sendMessage', () => {
    throw new ParleyError('forbidden', 'unable to send message; you may not');
  });
  await expect(channel.send('a refused secret word')).rejects.toThrow();
  client.disconnect();

  const calls = Object.values(logger).flatMap(({ mock }) => mock.calls);
  const messages = new Set(calls.map(([message]) => message));
  expect([...messages].sort((a, b) => a.localeCompare(b))).toEqual([
    'parley: a channel has to be loaded anew',
    'parley: a channel is live',
    'parley: a channel is loading',
    'parley: a channel is resuming',
    'parley: a message was not sent',
    'parley: a message was sent',
    'parley: a subscription starts',
    'parley: a token was given',
    'parley: events are missing',
    'parley: the connection is connected',
    'parley: the connection is connecting',
    'parley: the connection is idle',
    'parley: the connection was lost',
  ]);
  const written = JSON.stringify(calls);
  expect(written).not.toContain('secret');
  expect(written).not.toContain(token);
  expect(written).not.toContain(token.split('.')[1]);
});

test('a logger that throws hurts nobody', async () => {
  let full = true;
  const logger = {
    ...sink(),
    debug: () => {
      if (full) throw new Error('the console is full');
    },
  };
  const thrown: unknown[] = [];
  const onThrown = (error: unknown) => void thrown.push(error);
  process.on('uncaughtException', onThrown);
  try {
    const { network, client, settle } = createWorld({ logger, logLevel: 'debug' });
    new FakeChannel(network);
    await client.connect();
    await settle();
    expect(client.connection.get().name).toBe('connected');
    expect(thrown.length).toBeGreaterThan(0);
  } finally {
    full = false;
    process.off('uncaughtException', onThrown);
  }
});
