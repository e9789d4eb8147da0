import { ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { recordingLogger } from '../../test/recording-logger.ts';
import { deferred } from '../deferred.ts';
import { createMemoryBus } from './memory.ts';
import { callRpc, serveRpc } from './rpc.ts';

const principal: Principal = {
  appId: 'app',
  keyId: 'key',
  scope: 'user',
  userId: 'ada',
  issuedAt: 1,
  expiresAt: 2,
};
const openSession = { token: 't', origin: null };
const inTime = { timeoutMs: 1_000 };

test('a method is answered with what its handler returns', async () => {
  const bus = createMemoryBus();
  const server = serveRpc(bus, {
    'session.open': async ({ token, origin }) => ({ ...principal, userId: `${token} from ${origin}` }),
    'channel.heads': async ({ channels }) => ({ heads: channels.map(() => null) }),
  });
  await server.ready;
  expect(await callRpc(bus, 'session.open', openSession, inTime)).toEqual({ ...principal, userId: 't from null' });
  expect(await callRpc(bus, 'channel.heads', { channels: [{ appId: 'a', channelId: 'c' }] }, inTime)).toEqual({
    heads: [null],
  });
});

test('a refusal arrives with its code, sentence and details, and is not logged', async () => {
  const bus = createMemoryBus();
  const { logger, faults } = recordingLogger();
  serveRpc(
    bus,
    {
      'session.open': async () => {
        throw new ParleyError('rate_limited', 'unable to open; too many', { retryAfterMs: 5, field: 'token' });
      },
    },
    { logger },
  );
  const fault = await callRpc(bus, 'session.open', openSession, inTime).catch((err: unknown) => err);
  expect(fault).toBeInstanceOf(ParleyError);
  expect(fault).toMatchObject({
    code: 'rate_limited',
    message: 'unable to open; too many',
    details: { retryAfterMs: 5, field: 'token' },
  });
  expect(faults).toEqual([]);
});

test('an answer that no bus message can hold is refused by name', async () => {
  const bus = createMemoryBus();
  const { logger, faults } = recordingLogger();
  serveRpc(bus, { 'session.open': async () => ({ ...principal, userId: 'x'.repeat(1024 * 1024) }) }, { logger });
  await expect(callRpc(bus, 'session.open', openSession, inTime)).rejects.toMatchObject({ code: 'payload_too_large' });
  expect(faults).toEqual([]);
});

test('an unexpected fault is masked with a request id and logged', async () => {
  const bus = createMemoryBus();
  const { logger, faults } = recordingLogger();
  const thrown = [new Error('password=hunter2'), new ParleyError('internal', 'unable to say; password=hunter2')];
  for (const reason of thrown) {
    const server = serveRpc(bus, { 'session.open': () => Promise.reject(reason) }, { logger });
    const fault = await callRpc(bus, 'session.open', openSession, inTime).catch((err: unknown) => err);
    expect(fault).toMatchObject({ code: 'internal', details: { requestId: expect.any(String) } });
    expect(String(fault)).not.toContain('hunter2');
    await server.close();
  }
  expect(faults).toEqual(Array.from({ length: 2 }, () => 'an unexpected fault in a bus request'));
});

test('a code that this node does not know is internal', async () => {
  const bus = createMemoryBus();
  bus.respond('parley.rpc.session.open', 'q', async () =>
    JSON.stringify({ ok: false, fault: { code: 'from_the_future', message: 'unable to say' } }),
  );
  await expect(callRpc(bus, 'session.open', openSession, inTime)).rejects.toMatchObject({ code: 'internal' });
});

test('a method that nobody serves is unavailable', async () => {
  const bus = createMemoryBus();
  await expect(callRpc(bus, 'session.open', openSession, inTime)).rejects.toMatchObject({ code: 'unavailable' });
});

test('close takes no new request and waits for those in hand', async () => {
  const bus = createMemoryBus();
  const started = deferred();
  const finish = deferred();
  const server = serveRpc(bus, {
    'session.open': async () => {
      started.resolve();
      await finish.promise;
      return principal;
    },
  });
  const call = callRpc(bus, 'session.open', openSession, inTime);
  await started.promise;
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  await expect(callRpc(bus, 'session.open', openSession, inTime)).rejects.toMatchObject({ code: 'unavailable' });
  expect(closed).toBe(false);
  finish.resolve();
  expect(await call).toEqual(principal);
  await closing;
  await server.close();
});
