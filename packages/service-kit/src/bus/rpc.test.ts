import { ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { recordingLogger } from '../../test/recording-logger.ts';
import { deferred } from '../deferred.ts';
import { createMemoryBus } from './memory.ts';
import { answerEach, callRpc, callRpcMany, serveRpc } from './rpc.ts';

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
    'session.open': answerEach(async ({ token, origin }) => ({ ...principal, userId: `${token} from ${origin}` })),
    'channel.heads': async ({ channels }) => ({ epoch: 'one', heads: channels.map(() => null) }),
  });
  await server.ready;
  expect(await callRpc(bus, 'session.open', openSession, inTime)).toEqual({ ...principal, userId: 't from null' });
  expect(await callRpc(bus, 'channel.heads', { channels: [{ appId: 'a', channelId: 'c' }] }, inTime)).toEqual({
    epoch: 'one',
    heads: [null],
  });
});

test('a refusal arrives with its code, sentence and details, and is not logged', async () => {
  const bus = createMemoryBus();
  const { logger, faults } = recordingLogger();
  serveRpc(
    bus,
    {
      'session.open': async () => [
        new ParleyError('rate_limited', 'unable to open; too many', { retryAfterMs: 5, field: 'token' }),
      ],
    },
    { logger },
  );
  const fault = await callRpc(bus, 'session.open', openSession, inTime).catch((error: unknown) => error);
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
  serveRpc(bus, { 'session.open': async () => [{ ...principal, userId: 'x'.repeat(1024 * 1024) }] }, { logger });
  await expect(callRpc(bus, 'session.open', openSession, inTime)).rejects.toMatchObject({ code: 'payload_too_large' });
  expect(faults).toEqual([]);
});

test('an unexpected fault is masked with a request id and logged', async () => {
  const bus = createMemoryBus();
  const { logger, faults } = recordingLogger();
  const thrown = [new Error('password=hunter2'), new ParleyError('internal', 'unable to say; password=hunter2')];
  for (const reason of thrown) {
    const server = serveRpc(bus, { 'session.open': () => Promise.reject(reason) }, { logger });
    const fault = await callRpc(bus, 'session.open', openSession, inTime).catch((error: unknown) => error);
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
      return [principal];
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

test('many questions travel in one message, and the fault of one is its own', async () => {
  const bus = createMemoryBus();
  let messages = 0;
  serveRpc(bus, {
    'session.open': async (questions) => {
      messages += 1;
      return questions.map(({ token }) =>
        token === 'bad'
          ? new ParleyError('unauthenticated', 'unable to authenticate')
          : { ...principal, userId: token },
      );
    },
  });
  const items = ['ada', 'bad', 'bob'].map((token) => ({ token, origin: null }));
  expect(await callRpcMany(bus, 'session.open', items, inTime)).toEqual([
    { ok: true, value: { ...principal, userId: 'ada' } },
    { ok: false, fault: { code: 'unauthenticated', message: 'unable to authenticate' } },
    { ok: true, value: { ...principal, userId: 'bob' } },
  ]);
  expect(messages).toBe(1);
});

test('what no message has room for is left to be asked again, one by one in the end', async () => {
  const bus = createMemoryBus();
  serveRpc(bus, {
    'session.open': answerEach(async ({ token }) => ({ ...principal, userId: token[0]?.repeat(400_000) ?? '' })),
  });
  const items = ['a', 'b', 'c', 'd'].map((token) => ({ token, origin: null }));
  const answers = await callRpcMany(bus, 'session.open', items, inTime);
  expect(answers.map((answer) => answer?.ok ?? null)).toEqual([true, true, null, null]);
});

test('a message without questions, or with too many, is refused', async () => {
  const bus = createMemoryBus();
  serveRpc(bus, { 'session.open': answerEach(async () => principal) });
  for (const items of [[], Array.from({ length: 301 }, () => openSession)])
    await expect(callRpcMany(bus, 'session.open', items, inTime)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'items', limit: 300 },
    });
});

test('more requests than it can have in hand are refused, to be tried again', async () => {
  const bus = createMemoryBus();
  const finish = deferred();
  const server = serveRpc(
    bus,
    { 'session.open': answerEach(() => finish.promise.then(() => principal)) },
    { atOnce: 2 },
  );
  const calls = [1, 2, 3].map(() => callRpc(bus, 'session.open', openSession, inTime));
  await expect(calls[2]).rejects.toMatchObject({ code: 'unavailable', details: { limit: 2, retryAfterMs: 1_000 } });
  finish.resolve();
  expect(await Promise.all(calls.slice(0, 2))).toEqual([principal, principal]);
  await server.close();
});
