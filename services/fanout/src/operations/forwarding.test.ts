import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { appId } from '../../test/fake-api.ts';
import { startWorld } from '../../test/world.ts';

test('a mutation is run by the API as the user of the socket, and answered with next and complete', async () => {
  const world = await startWorld();
  world.api.execute = async ({ operation }) => ({ data: { echoed: operation.variables?.['text'] } });
  const client = await world.connect('ada');
  const query = 'mutation Send($text: String) { sendMessage(input: { channelId: "messaging:a", text: $text }) { id } }';
  client.subscribe('1', query, { text: 'hi' }, { operationName: 'Send', extensions: { trace: 'x' } });
  await client.heard((frame) => frame.type === 'complete' && frame.id === '1');
  expect(client.frames.slice(1)).toEqual([
    { id: '1', type: 'next', payload: { data: { echoed: 'hi' } } },
    { id: '1', type: 'complete' },
  ]);
  expect(world.api.calls.find(({ method }) => method === 'graphql.execute')?.request).toMatchObject({
    principal: { appId, userId: 'ada' },
    operation: { query, operationName: 'Send', variables: { text: 'hi' }, extensions: { trace: 'x' } },
    requestId: expect.any(String),
  });
});

test('partial data comes as a result; a refusal before anything ran is an error', async () => {
  const world = await startWorld();
  const locations = [{ line: 1, column: 3 }];
  const errors = [{ message: 'unable to look; no', extensions: { code: 'forbidden' }, locations }];
  world.api.execute = async ({ operation }) =>
    operation.query === '{ partial }' ? { data: { partial: null }, errors } : { errors };
  const client = await world.connect('ada');
  client.subscribe('partial', '{ partial }');
  client.subscribe('refused', '{ refused }');
  await client.heard((frame) => frame.type === 'complete' && frame.id === 'partial');
  expect(await client.heard((frame) => frame.type === 'next')).toMatchObject({
    payload: { data: { partial: null }, errors },
  });
  expect(await client.failure('refused')).toEqual(errors[0]);
  expect(client.frames.filter(({ type, id }) => id === 'refused' && type !== 'error')).toEqual([]);
});

test('when the API is away the operation fails with a code that says to come again', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  world.bus.cut();
  client.subscribe('1', '{ me { id } }');
  expect(await client.failure('1')).toMatchObject({ extensions: { code: 'unavailable', retryable: true } });
});

test('what the API did not expect is masked, with a request id to quote', async () => {
  const world = await startWorld();
  world.api.execute = () => Promise.reject(new Error('secret detail'));
  const client = await world.connect('ada');
  client.subscribe('1', '{ me { id } }');
  const failure = await client.failure('1');
  expect(failure).toMatchObject({ extensions: { code: 'internal', requestId: expect.any(String) } });
  expect(JSON.stringify(failure)).not.toContain('secret detail');
});

test('an answer that nobody waits for any more is not sent', async () => {
  const world = await startWorld();
  const answered = deferred();
  world.api.execute = async () => {
    await answered.promise;
    return { data: { late: true } };
  };
  const client = await world.connect('ada');
  client.subscribe('1', '{ me { id } }');
  await expect.poll(() => world.api.count('graphql.execute')).toBe(1);
  client.complete('1');
  client.send({ type: 'ping', payload: { mark: 1 } });
  await client.heard((frame) => frame.type === 'pong');
  answered.resolve();
  world.api.execute = async () => ({ data: { ok: true } });
  client.subscribe('2', '{ me { id } }');
  await client.heard((frame) => frame.type === 'complete' && frame.id === '2');
  expect(client.frames.filter(({ id }) => id === '1')).toEqual([]);
});

test('a slow answer does not hold up others', async () => {
  const world = await startWorld();
  const answered = deferred();
  world.api.execute = async ({ operation }) => {
    if (operation.query === '{ slow }') await answered.promise;
    return { data: { ok: true } };
  };
  const client = await world.connect('ada');
  client.subscribe('slow', '{ slow }');
  client.subscribe('fast', '{ fast }');
  await client.heard((frame) => frame.type === 'complete' && frame.id === 'fast');
  answered.resolve();
  await client.heard((frame) => frame.type === 'complete' && frame.id === 'slow');
});

test('a refusal of the API arrives with its code and details', async () => {
  const world = await startWorld();
  world.api.execute = () =>
    Promise.reject(new ParleyError('rate_limited', 'unable to run; too fast', { retryAfterMs: 500 }));
  const client = await world.connect('ada');
  client.subscribe('1', '{ me { id } }');
  expect(await client.failure('1')).toMatchObject({
    message: 'unable to run; too fast',
    extensions: { code: 'rate_limited', retryable: true, retryAfterMs: 500 },
  });
});
