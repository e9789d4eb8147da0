import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { createWorld, tokenOf } from '../../test/world.ts';
import { createHttp } from './http.ts';

function world(...args: Parameters<typeof createWorld>) {
  const made = createWorld(...args);
  new FakeChannel(made.network);
  made.network.handlers.set('Echo', ({ variables }) => variables);
  made.network.handlers.set('change', ({ variables }) => variables);
  return made;
}
const echo = 'query Echo($text:String){echo}';
const change = 'mutation change($text:String){change}';

test('goes by HTTP until the socket is open, then over the socket', async () => {
  const { client, network } = world();
  await expect(client.execute(echo, { text: 'a' })).resolves.toEqual({ text: 'a' });
  await client.connect();
  await client.execute(echo, { text: 'b' });
  expect(network.named('Echo').map(({ over }) => over)).toEqual(['http', 'socket']);
});

test('what is too large for a frame goes by HTTP', async () => {
  const { client, network } = world();
  await client.connect();
  await client.execute(echo, { text: 'x'.repeat(50_000) });
  expect(network.named('Echo').map(({ over }) => over)).toEqual(['http']);
});

test('a query whose answer is too large for the socket is asked over HTTP, a mutation is not repeated', async () => {
  const { client, network } = world();
  const large = ({ over }: { readonly over: string }) => {
    if (over === 'socket') throw new ParleyError('payload_too_large', 'unable to answer; the payload is too large');
    return { ok: true };
  };
  network.handlers.set('Echo', large);
  network.handlers.set('change', large);
  await client.connect();
  await expect(client.execute(echo)).resolves.toEqual({ ok: true });
  expect(network.named('Echo').map(({ over }) => over)).toEqual(['socket', 'http']);
  await expect(client.execute(change)).rejects.toMatchObject({ code: 'payload_too_large' });
});

test('what the socket cannot pass on to the API goes there over HTTP, unless the API itself asked for patience', async () => {
  const { client, network } = world();
  let patience: { retryAfterMs?: number } = {};
  const cutOff = ({ over }: { readonly over: string }) => {
    if (over === 'socket') throw new ParleyError('unavailable', 'unable to ask; the bus is away', patience);
    return { ok: true };
  };
  network.handlers.set('Echo', cutOff);
  network.handlers.set('change', cutOff);
  await client.connect();
  await expect(client.execute(echo)).resolves.toEqual({ ok: true });
  await expect(client.execute(change)).resolves.toEqual({ ok: true });
  patience = { retryAfterMs: 1_000 };
  await expect(client.execute(change)).rejects.toMatchObject({ code: 'unavailable' });
  expect(network.named('change').map(({ over }) => over)).toEqual(['socket', 'http', 'socket']);
});

test('a refusal is an error with everything the server said', async () => {
  const { client, network } = world();
  network.handlers.set('Echo', () => {
    throw new ParleyError('rate_limited', 'unable to answer; too many', {
      retryAfterMs: 500,
      requestId: 'r-1',
      limit: 10,
    });
  });
  const refused = {
    code: 'rate_limited',
    retryable: true,
    message: 'unable to answer; too many',
    details: { retryAfterMs: 500, requestId: 'r-1', limit: 10 },
  };
  await expect(client.execute(echo)).rejects.toMatchObject(refused);
  await client.connect();
  await expect(client.execute(echo)).rejects.toMatchObject(refused);
});

test('no answer within 15 s, or the given time, is a timeout', async () => {
  const { client, network, clock } = world();
  network.handlers.set('Echo', () => new Promise(() => {}));
  const usual = expect(client.execute(echo)).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('15000 ms'),
  });
  const short = expect(client.execute(echo, {}, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
  await clock.advanceAsync(100);
  await short;
  await clock.advanceAsync(14_900);
  await usual;
});

test('an aborted call rejects with the reason of the signal', async () => {
  const { client, network } = world();
  network.handlers.set('Echo', () => new Promise(() => {}));
  const reason = new Error('the user left');
  const abort = new AbortController();
  const call = expect(client.execute(echo, {}, { signal: abort.signal })).rejects.toBe(reason);
  abort.abort(reason);
  await call;
  await expect(client.execute(echo, {}, { signal: abort.signal })).rejects.toBe(reason);
});

test('when the socket breaks, a query is asked again and a mutation says that nobody knows', async () => {
  const { client, network, settle } = world();
  await client.connect();
  network.handlers.set('Echo', ({ over }) => (over === 'http' ? { text: 'again' } : new Promise(() => {})));
  network.handlers.set('change', () => new Promise(() => {}));
  const query = client.execute(echo);
  const mutation = expect(client.execute(change)).rejects.toMatchObject({ code: 'disconnected', retryable: true });
  await settle();
  network.socket.drop();
  await expect(query).resolves.toEqual({ text: 'again' });
  await mutation;
});

test('disconnect ends what is in flight', async () => {
  const { client, network, settle } = world();
  network.handlers.set('Echo', () => new Promise(() => {}));
  const call = expect(client.execute(echo)).rejects.toMatchObject({ code: 'disconnected' });
  await settle();
  client.disconnect();
  await call;
});

test('a server that cannot be reached is `disconnected`, and one that answers with no result says its status', async () => {
  const { client, network } = world();
  network.acceptHttp = false;
  await expect(client.execute(echo)).rejects.toMatchObject({ code: 'disconnected' });
  const answers: [number, string][] = [
    [502, 'unavailable'],
    [404, 'not_found'],
    [413, 'payload_too_large'],
    [401, 'unauthenticated'],
  ];
  for (const [status, code] of answers) {
    const http = createHttp({
      url: 'http://parley.test/graphql',
      fetch: async () => new Response('<html>', { status }),
    });
    await expect(
      http.post({ query: echo, variables: {} }, 'token', new AbortController().signal),
    ).rejects.toMatchObject({ code });
  }
});

test('a token that the server refuses over HTTP is replaced once', async () => {
  let count = 0;
  const getToken = () => {
    count += 1;
    return tokenOf({ sub: 'ada', n: count });
  };
  const { client, network } = world({ getToken });
  network.handlers.set('Echo', ({ token }) => {
    if (token === tokenOf({ sub: 'ada', n: 1 }))
      throw new ParleyError('unauthenticated', 'unable to authenticate; the token expired');
    return { text: 'ok' };
  });
  await expect(client.execute(echo)).resolves.toEqual({ text: 'ok' });
});

test('errors that are none, as a broken proxy may send them, still fail the call as an internal error', async () => {
  const { client, network } = world();
  network.fetchAnswer = { errors: [null, 'no error', { message: 5 }] };
  await expect(client.execute(change, { text: 'a' })).rejects.toMatchObject({
    code: 'internal',
    message: 'unable to run the operation; the server refused it without a reason',
  });
});
