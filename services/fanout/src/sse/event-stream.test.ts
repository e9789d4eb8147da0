import { ParleyError } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { created, removed } from '../../test/events.ts';
import { tokenOf } from '../../test/fake-api.ts';
import { startWorld, type World, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';

interface Stream {
  readonly response: Response;
  /** `event data` of everything so far. */
  readonly events: { readonly event: string; readonly data: unknown }[];
  readonly comments: readonly string[];
  readonly ended: Promise<void>;
  abort(): void;
}

async function open(
  world: World,
  body: object | string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Stream> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(world.httpUrl, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf({ userId: 'ada' })}`,
      ...headers,
    },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    signal: controller.signal,
  });
  const events: Stream['events'] = [];
  const comments: string[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk as Uint8Array);
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end);
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
        text = text.slice(end + 2);
        if (block.startsWith(':')) comments.push(block);
        if (event !== '') events.push({ event, data: data === '' ? null : JSON.parse(data) });
      }
    }
  };
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return {
    response,
    events,
    comments,
    ended: isStream ? read().catch(() => undefined) : Promise.resolve(),
    abort: () => controller.abort(),
  };
}

/** JSON with a byte that begins no character. */
const notUtf8 = (body: object): Uint8Array =>
  Buffer.from(JSON.stringify({ ...body, operationName: '?' })).map((byte) => (byte === 0x3f ? 0xff : byte));

const watch = { query: watchChannel, variables: { channelId: general, after: 0 } };

describe('an event stream', () => {
  test('carries the same events as a socket', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(created(general, 'before'));
    const socket = await world.connect('bob');
    socket.subscribe('1', watch.query, watch.variables);
    const stream = await open(world, watch);
    expect(stream.response.status).toBe(200);
    await expect.poll(() => stream.events.length).toBe(2);
    channel.append(created(general, 'live ü 🙂\nsecond line'));
    await expect.poll(() => stream.events.length).toBe(3);
    await socket.synced('1');
    await expect.poll(() => socket.seqs('1')).toEqual([1, 2]);
    const overSocket = socket.frames.filter(({ type }) => type === 'next').map(({ payload }) => payload);
    const withoutTime = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll(/"at":"[^"]*"/g, '"at":""')) as unknown;
    expect(withoutTime(stream.events.map(({ data }) => data))).toEqual(withoutTime(overSocket));
    expect(new Set(stream.events.map(({ event }) => event))).toEqual(new Set(['next']));
  });

  test('makes its user present, and lets go of everything when the client goes', async () => {
    const world = await startWorld();
    const stream = await open(world, watch);
    await expect.poll(() => world.api.online.has('ada')).toBe(true);
    await expect.poll(() => world.fanout.stats()).toMatchObject({ streams: 1, sessions: 1, topics: 1 });
    stream.abort();
    await expect.poll(() => world.fanout.stats()).toMatchObject({ streams: 0, sessions: 0, topics: 0 });
  });

  test('answers a query or mutation with one result and the end', async () => {
    const world = await startWorld();
    const stream = await open(world, { query: '{ me { id } }' });
    await stream.ended;
    expect(stream.events).toEqual([
      { event: 'next', data: { data: { ok: true } } },
      { event: 'complete', data: null },
    ]);
  });

  test('ends with an error when its user is removed', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const watching = await open(world, watch);
    await expect.poll(() => watching.events.length).toBe(1);
    channel.readers = new Set();
    channel.append(removed('ada'));
    await watching.ended;
    expect(watching.events.slice(-2)).toMatchObject([
      { event: 'next', data: { errors: [{ extensions: { code: 'forbidden' } }] } },
      { event: 'complete' },
    ]);
  });
});

describe('a stream ends without `complete`, so that clients come back', () => {
  const watching = async () => {
    const world = await startWorld();
    const stream = await open(world, watch);
    await expect.poll(() => stream.events.length).toBe(1);
    return { world, stream };
  };
  const onlySynced = [{ event: 'next', data: { data: { channelEvents: { __typename: 'ChannelSynced' } } } }];

  test('when the token is revoked', async () => {
    const { world, stream } = await watching();
    world.api.notifyUser('ada', { kind: 'revoked', issuedBefore: new Date(Date.now() + 1_000).toISOString() });
    await stream.ended;
    expect(stream.events).toMatchObject(onlySynced);
    expect(stream.comments.at(-1)).toContain('the token was revoked');
  });

  test('when the token expires', async () => {
    const clock = fakeClock(Date.UTC(2026, 0, 1));
    const world = await startWorld({ clock });
    const soon = tokenOf({ userId: 'ada', expiresAt: clock.now() / 1_000 + 10 });
    const stream = await open(world, watch, { authorization: `Bearer ${soon}` });
    await expect.poll(() => stream.events.length).toBe(1);
    clock.advance(10_000);
    await stream.ended;
    expect(stream.events).toMatchObject(onlySynced);
    expect(stream.comments.at(-1)).toContain('the token expired');
  });

  test('when the node shuts down', async () => {
    const { world, stream } = await watching();
    await world.fanout.close();
    await stream.ended;
    expect(stream.events).toMatchObject(onlySynced);
    expect(stream.comments.at(-1)).toContain('shutting down');
  });
});

describe('what is wrong with an operation is a result of an accepted stream', () => {
  test.each([
    ['a body that is not JSON', '{', {}, 'invalid_query'],
    ['a body without a document', {}, {}, 'invalid_query'],
    ['a body that is not UTF-8', notUtf8(watch), {}, 'invalid_query'],
    ['a body that any page may send', watch, { 'content-type': 'text/plain' }, 'invalid_query'],
    ['a document that does not fit', { query: 'subscription { nothing }' }, {}, 'invalid_query'],
    ['a syntax error', { query: 'subscription {' }, {}, 'invalid_query'],
    ['a body over the limit', { query: 'x'.repeat(5_000_000) }, {}, 'payload_too_large'],
    ['a channel that one may not read', watch, {}, 'forbidden'],
    [
      'a hash without its document',
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
      {},
      'persisted_query_not_found',
    ],
  ])('%s', async (_what, body, headers, code) => {
    const world = await startWorld();
    world.api.channel(general).readers = new Set();
    const stream = await open(world, body, headers);
    await stream.ended;
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.events).toMatchObject([
      { event: 'next', data: { errors: [{ extensions: { code } }] } },
      { event: 'complete', data: null },
    ]);
  });
});

describe('a request that another token, or another time, may mend is answered with a status and a code', () => {
  test.each([
    ['no token', watch, { authorization: '' }, 401, 'unauthenticated'],
    ['a token that is refused', watch, { authorization: 'Bearer nonsense' }, 401, 'unauthenticated'],
    ['a client that reads no events', watch, { accept: 'application/json' }, 400, 'invalid_input'],
  ])('%s', async (_what, body, headers, status, code) => {
    const world = await startWorld();
    const { response } = await open(world, body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  test('a node that cannot ask now', async () => {
    const world = await startWorld();
    world.api.before.set('channel.join', () => {
      throw new ParleyError('unavailable', 'unable to answer; try again');
    });
    const { response } = await open(world, watch);
    expect(response.status).toBe(503);
  });

  test('an unknown path', async () => {
    const world = await startWorld();
    expect((await fetch(world.httpUrl.replace('/graphql', '/other'))).status).toBe(404);
  });
});

test('a page of another origin may read the stream; the API is asked whether the app allows it', async () => {
  const world = await startWorld();
  const origin = 'https://chat.example';
  const preflight = await fetch(world.httpUrl, { method: 'OPTIONS', headers: { origin } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  const asked = { origin, 'access-control-request-headers': 'authorization,content-type,traceparent' };
  const traced = await fetch(world.httpUrl, { method: 'OPTIONS', headers: asked });
  expect(traced.headers.get('access-control-allow-headers')).toBe('authorization,content-type,traceparent');
  const stream = await open(world, watch, { origin });
  expect(stream.response.headers.get('access-control-allow-origin')).toBe(origin);
  expect(world.api.calls[0]).toMatchObject({ method: 'session.open', request: { origin } });
});
