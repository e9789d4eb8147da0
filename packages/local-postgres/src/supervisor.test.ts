import { expect, test, vi } from 'vitest';
import type { ServerProcess } from './server-process.ts';
import { supervise } from './supervisor.ts';

/** A server that only says that it runs. */
function fakeServer(pid: number) {
  const { promise: ended, resolve: die } = Promise.withResolvers<string>();
  const stop = vi.fn(async () => die('SIGINT'));
  const server: ServerProcess = { pid, ended, lastStderr: () => `last words of ${pid}`, stop };
  return { server, die, stop };
}

function fakeLogger() {
  return { info: vi.fn(), warn: vi.fn<(message: string) => void>(), error: vi.fn<(message: string) => void>() };
}

const atOnce = async () => undefined;

test('a server that dies is replaced, with one warning', async () => {
  const [first, second] = [fakeServer(1), fakeServer(2)];
  const logger = fakeLogger();
  const supervisor = supervise({ first: first.server, start: async () => second.server, logger, wait: atOnce });
  first.die('SIGKILL');
  await vi.waitFor(() => expect(supervisor.server.pid).toBe(2));
  expect(logger.warn.mock.calls).toEqual([
    ['Postgres 1 ended by itself with SIGKILL; starting Postgres again in 100 ms'],
  ]);
  await supervisor.stop('SIGINT');
  expect(second.stop).toHaveBeenCalledWith('SIGINT');
  expect(logger.error).not.toHaveBeenCalled();
});

test('when no start succeeds it gives up with one error that says why', async () => {
  const first = fakeServer(1);
  const logger = fakeLogger();
  const start = vi.fn(() => Promise.reject(new Error('the disk is full')));
  const wait = vi.fn(atOnce);
  const supervisor = supervise({ first: first.server, start, logger, wait });
  first.die('code 1');
  await vi.waitFor(() => expect(logger.error).toHaveBeenCalledOnce());
  expect(logger.error.mock.calls[0]?.[0]).toMatch(/failed 10 times within 60 s .*the disk is full/);
  expect(start).toHaveBeenCalledTimes(9);
  expect(logger.warn).toHaveBeenCalledTimes(9);
  await supervisor.stop('SIGINT');
});

test('a stop while it waits for the next attempt ends the wait, and nothing is started', async () => {
  const first = fakeServer(1);
  const logger = fakeLogger();
  const start = vi.fn(async () => fakeServer(2).server);
  const wait = (_ms: number, signal: AbortSignal) =>
    new Promise((resolve) => signal.addEventListener('abort', resolve));
  const supervisor = supervise({ first: first.server, start, logger, wait });
  first.die('SIGKILL');
  await vi.waitFor(() => expect(logger.warn).toHaveBeenCalled());
  await supervisor.stop('SIGINT');
  expect(start).not.toHaveBeenCalled();
});

test.each(['a recovery', 'a restart'])(
  'a stop in the middle of %s ends the server that comes up all the same',
  async (what) => {
    const [first, second] = [fakeServer(1), fakeServer(2)];
    const comesUp = Promise.withResolvers<ServerProcess>();
    const start = vi.fn((_signal: AbortSignal) => comesUp.promise);
    const supervisor = supervise({ first: first.server, start, logger: fakeLogger(), wait: atOnce });
    const restarted = what === 'a restart' ? supervisor.restart('SIGINT') : first.die('SIGKILL');
    await vi.waitFor(() => expect(start).toHaveBeenCalled());
    const stopped = supervisor.stop('SIGQUIT');
    expect(start.mock.calls[0]?.[0].aborted).toBe(true);
    comesUp.resolve(second.server);
    await Promise.all([stopped, restarted]);
    expect(second.stop).toHaveBeenCalledWith('SIGQUIT');
    expect(start).toHaveBeenCalledOnce();
  },
);

test('what has been stopped is not started again', async () => {
  const start = vi.fn(async () => fakeServer(2).server);
  const supervisor = supervise({ first: fakeServer(1).server, start, logger: fakeLogger() });
  await supervisor.stop('SIGINT');
  await expect(supervisor.restart('SIGINT')).rejects.toThrow('it has been stopped');
  expect(start).not.toHaveBeenCalled();
});
