import { sendRaw } from '@parley/testkit';
import { describe, expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created } from '../../test/events.ts';
import { tokenOf } from '../../test/fake-api.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';

describe('a socket is closed with', () => {
  test.each([
    ['text that is not JSON', '{'],
    ['JSON that is not an object', '[1]'],
    ['an unknown message type', { type: 'connection_terminate' }],
    ['a message without a type', { id: '1' }],
    ['a payload that is not an object', { type: 'connection_init', payload: 'token' }],
    ['a ping with a wrong payload', { type: 'ping', payload: 7 }],
    ['a subscribe without an id', { type: 'subscribe', payload: { query: '{ me { id } }' } }],
    ['a subscribe with an empty id', { type: 'subscribe', id: '', payload: { query: '{ me { id } }' } }],
    ['a subscribe without a document', { type: 'subscribe', id: '1', payload: {} }],
    [
      'a subscribe with a list as variables',
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: [] } },
    ],
    ['a complete without an id', { type: 'complete' }],
  ])('4400 for %s', async (_what, message) => {
    const world = await startWorld();
    const client = await world.raw().opened();
    client.send(message);
    expect(await client.closed).toMatchObject({ code: 4400 });
  });

  test('4400 for a binary frame, even one that holds JSON', async () => {
    const world = await startWorld();
    const client = await world.raw().opened();
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect(await client.closed).toMatchObject({ code: 4400 });
  });

  test('4400 for text that is not UTF-8', async () => {
    const world = await startWorld();
    const client = await world.raw().opened();
    // A lenient reader would take this for JSON with an odd character.
    const text = Buffer.concat([
      Buffer.from('{"type":"ping","payload":{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}}'),
    ]);
    client.socket.send(text, { binary: false });
    expect(await client.closed).toEqual({ code: 1007, reason: 'Message is not valid UTF-8' });
  });

  test('1009 for a frame over the limit', async () => {
    const world = await startWorld({ limits: { socketFrameBytes: 1_000 } });
    const client = await world.raw().opened();
    client.send({ type: 'ping', payload: { text: 'x'.repeat(1_000) } });
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  test('4401 for a subscribe before the acknowledgement, also while the token is being looked at', async () => {
    const world = await startWorld();
    const early = await world.raw().opened();
    early.subscribe('1', '{ me { id } }');
    expect(await early.closed).toEqual({ code: 4401, reason: 'Unauthorized' });

    const looked = deferred();
    world.api.before.set('session.open', () => looked.promise);
    const hasty = await world.raw().opened();
    hasty.send({ type: 'connection_init', payload: { token: tokenOf({ userId: 'ada' }) } });
    hasty.subscribe('1', '{ me { id } }');
    expect(await hasty.closed).toMatchObject({ code: 4401 });
    looked.resolve();
  });

  test.each([
    ['no token', {}],
    ['an empty token', { token: '' }],
    ['a malformed token', { token: 'nonsense' }],
  ])('4403 and the reason for %s', async (_what, payload) => {
    const world = await startWorld();
    const client = await world.raw().opened();
    client.send({ type: 'connection_init', payload });
    const { code, reason } = await client.closed;
    expect(code).toBe(4403);
    expect(reason).toMatch(/^unable to authenticate; /);
  });

  test('4406 or nothing when a frame that is none comes right behind the request, and the node lives on', async () => {
    const world = await startWorld();
    const lines = ['Host: any', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    lines.push('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==');
    const request = `GET /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
    for (const frame of ['POST no frame', '\xff\xff\xff\xff', '\x81\x05hello'])
      expect(await sendRaw(Number(new URL(world.httpUrl).port), request + frame)).toContain('HTTP/1.1 101');
    expect((await fetch(world.httpUrl.replace('/graphql', '/healthz'))).status).toBe(200);
  });

  test('4406 for another subprotocol, or none', async () => {
    const world = await startWorld();
    expect(await world.raw('graphql-ws').closed).toMatchObject({ code: 4406 });
    expect(await world.raw([]).closed).toMatchObject({ code: 4406 });
    const both = await world.raw(['graphql-ws', 'graphql-transport-ws']).init(tokenOf({ userId: 'ada' }));
    expect(both.socket.protocol).toBe('graphql-transport-ws');
  });

  test('4408 when nothing was said in time', async () => {
    const world = await startWorld({ limits: { connectionInitMs: 30 } });
    const client = await world.raw().opened();
    expect(await client.closed).toMatchObject({ code: 4408 });
  });

  test('4409 for an id that is in use', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    client.subscribe('1', watchChannel, { channelId: general });
    expect(await client.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
  });

  test('4429 for a second init', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.send({ type: 'connection_init', payload: { token: tokenOf({ userId: 'ada' }) } });
    expect(await client.closed).toMatchObject({ code: 4429 });
  });

  test('1013 when nobody can look at the token', async () => {
    const world = await startWorld();
    world.bus.cut();
    const client = await world.raw().opened();
    client.send({ type: 'connection_init', payload: { token: tokenOf({ userId: 'ada' }) } });
    expect(await client.closed).toMatchObject({ code: 1013 });
  });
});

test('the acknowledgement says who one is', async () => {
  const world = await startWorld();
  const expiresAt = Math.floor(Date.now() / 1_000) + 60;
  const client = await world.raw().init(tokenOf({ userId: 'ada', expiresAt }));
  expect(client.frames[0]).toMatchObject({ type: 'connection_ack', payload: { userId: 'ada', expiresAt } });
});

test('a ping is answered at any time, with its payload; a pong is taken as it comes', async () => {
  const world = await startWorld();
  const client = await world.raw().opened();
  client.send({ type: 'ping' });
  await client.heard((frame) => frame.type === 'pong');
  await client.init(tokenOf({ userId: 'ada' }));
  client.send({ type: 'pong', payload: { any: 'thing' } });
  client.send({ type: 'ping', payload: { at: 5 } });
  expect(await client.heard((frame) => frame.payload !== undefined && frame.type === 'pong')).toEqual({
    type: 'pong',
    payload: { at: 5 },
  });
});

test('two operations interleave, and after a complete nothing more comes for that id', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  const client = await world.connect('ada');
  client.subscribe('one', watchChannel, { channelId: general });
  client.subscribe('two', watchChannel, { channelId: general });
  await client.synced('one');
  await client.synced('two');
  channel.append(created(general, 'first'));
  await expect.poll(() => [client.seqs('one'), client.seqs('two')]).toEqual([[1], [1]]);

  client.complete('one');
  // Answered in order, so what follows the pong was not sent before the complete was read.
  client.send({ type: 'ping', payload: { mark: 1 } });
  await client.heard((frame) => frame.type === 'pong');
  channel.append(created(general, 'second'));
  await expect.poll(() => client.seqs('two')).toEqual([1, 2]);
  expect(client.seqs('one')).toEqual([1]);
});

test('an id can be used again after its operation was completed, by either side', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', '{ me { id } }');
  await client.heard((frame) => frame.type === 'complete' && frame.id === '1');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  client.complete('1');
  client.subscribe('1', watchChannel, { channelId: general });
  await expect
    .poll(() => client.events('1').filter(({ __typename }) => __typename === 'ChannelSynced'))
    .toHaveLength(2);
});

test('an id with odd characters comes back as it was, also in frames that are shared', async () => {
  const world = await startWorld();
  const id = 'quote " backslash \\ line \n umlaut ü emoji 🙂 \u2028';
  const clients = [await world.connect('ada'), await world.connect('bob')];
  for (const client of clients) client.subscribe(id, watchChannel, { channelId: general });
  for (const client of clients) await client.synced(id);
  world.api.channel(general).append(created(general, 'hällo 🙂'));
  for (const client of clients) await expect.poll(() => client.seqs(id)).toEqual([1]);
});

test.each([10, 125, 126, 200, 65_400, 70_000])('a message of %i characters arrives whole', async (length) => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  world.api.channel(general).append(created(general, 'x'.repeat(length)));
  await expect.poll(() => client.events('1').at(-1)).toMatchObject({ message: { text: 'x'.repeat(length) } });
});

test('a client that goes away takes its operations with it', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  expect(world.fanout.stats()).toMatchObject({ sockets: 1, sessions: 1, operations: 1, topics: 1 });
  client.vanish();
  await vi.waitFor(() =>
    expect(world.fanout.stats()).toMatchObject({ sockets: 0, sessions: 0, operations: 0, topics: 0 }),
  );
});
