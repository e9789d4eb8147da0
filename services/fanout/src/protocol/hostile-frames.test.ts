import { closeCodes, limits } from '@parley/contracts';
import { systemClock } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { tokenOf } from '../../test/fake-api.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test('a ping nested 4,500 deep ends its own socket, before the session is open and after, and nobody else', async () => {
  const world = await startWorld();
  const bob = await world.connect('bob');
  for (const client of [await world.raw().opened(), await world.connect('ada')]) {
    client.send(`{"type":"ping","payload":{"a":${nested(4_500)}}}`);
    expect(await client.closed).toEqual({
      code: 4400,
      reason: `Message cannot be read; it is nested over ${limits.jsonDepth} levels deep`,
    });
  }
  bob.send({ type: 'ping', payload: { still: 'here' } });
  expect(await bob.heard(({ type }) => type === 'pong')).toMatchObject({ payload: { still: 'here' } });
});

test('a large ping is answered without its payload', async () => {
  const client = await (await startWorld()).connect('ada');
  client.send({ type: 'ping', payload: { a: 'x'.repeat(limits.pingPayloadBytes) } });
  expect(await client.heard(({ type }) => type === 'pong')).toEqual({ type: 'pong' });
});

test.each([
  [
    'variables',
    { query: watchChannel, variables: { channelId: 'messaging:a', deep: 'DEEP' } },
    'invalid_input',
    'deep',
  ],
  ['extensions', { query: watchChannel, extensions: { deep: 'DEEP' } }, 'invalid_input', 'extensions'],
])('a subscription with deep %s is refused by name, and the socket lives on', async (_name, payload, code, field) => {
  const client = await (await startWorld()).connect('ada');
  client.send(JSON.stringify({ id: '1', type: 'subscribe', payload }).replace('"DEEP"', nested(4_500)));
  expect((await client.failure('1')).extensions).toMatchObject({ code, field, limit: limits.jsonDepth });
  client.send({ type: 'ping' });
  await client.heard(({ type }) => type === 'pong');
});

test.each([
  ['selections', '{a'.repeat(900)],
  ['lists', `{a(b:${'['.repeat(1_900)}`],
  ['objects', `{a(b:${'{c:'.repeat(900)}`],
  ['types', `query($a:${'['.repeat(1_900)}`],
])('a document of deep %s is too complex', async (_name, query) => {
  const client = await (await startWorld()).connect('ada');
  client.subscribe('1', query);
  expect((await client.failure('1')).extensions).toMatchObject({ code: 'query_too_complex', limit: limits.jsonDepth });
});

test('a stranger with a deep subscription is told to authenticate', async () => {
  const client = await (await startWorld()).raw().opened();
  client.send(`{"type":"subscribe","id":"1","payload":{"query":"{me{id}}","variables":{"a":${nested(4_500)}}}}`);
  expect((await client.closed).code).toBe(4401);
});

test('an event stream is refused a deep body by name', async () => {
  const world = await startWorld();
  const response = await fetch(world.httpUrl, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf({ userId: 'ada' })}`,
    },
    body: `{"query":"{me{id}}","variables":{"input":{"custom":${nested(4_500)}}}}`,
  });
  const [, result = ''] = /^event: next\ndata: (.*)$/m.exec(await response.text()) ?? [];
  expect(JSON.parse(result)).toMatchObject({ errors: [{ extensions: { code: 'invalid_input', field: 'custom' } }] });
});

test('a fault in the handling of one frame ends that socket alone, for the client to resume', async () => {
  let broken = false;
  // A clock that fails is this test's own, and asked for every frame.
  const now = () => {
    if (broken) throw new RangeError('Maximum call stack size exceeded');
    return systemClock.now();
  };
  const world = await startWorld({ clock: { ...systemClock, now } });
  const [ada, bob] = [await world.connect('ada'), await world.connect('bob')];
  broken = true;
  ada.send({ type: 'ping' });
  expect((await ada.closed).code).toBe(closeCodes.unavailable);
  broken = false;
  bob.send({ type: 'ping' });
  await bob.heard(({ type }) => type === 'pong');
});
