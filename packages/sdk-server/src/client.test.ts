import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FakeApi, refusalOf, startFakeApi } from '../test/fake-api.ts';
import { createServerClient, type ServerClient, type ServerClientOptions } from './client.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

const key = { keyId: 'key_1', secret: 'a secret of at least thirty-two bytes' };
const newClient = (options: Partial<ServerClientOptions> = {}): ServerClient =>
  createServerClient({ url: api.url, ...key, ...options });
const query = 'query Me { me { id } }';
const mutation = 'mutation Read($input: MarkReadInput!) { markRead(input: $input) { readSeq } }';

describe('an operation', () => {
  test('gives its data, and carries a short server token', async () => {
    api.answer({ body: { data: { me: { id: 'ada' } } } });
    expect(await newClient().execute<{ me: { id: string } }>(query, { a: 1 })).toEqual({ me: { id: 'ada' } });
    expect(api.seen).toMatchObject([{ query, variables: { a: 1 } }]);
    const claims = decodeJwt(api.seen[0]?.token ?? '');
    expect(claims).toMatchObject({ scope: 'server' });
    expect(claims.sub).toBeUndefined();
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(300);
  });

  test('acts as a user when told', async () => {
    await newClient().execute(query, {}, { asUser: 'ada' });
    expect(decodeJwt(api.seen[0]?.token ?? '')).toMatchObject({ scope: 'server', sub: 'ada' });
  });

  test('is refused with code, sentence and details, and not tried again', async () => {
    api.answer(
      refusalOf('invalid_input', { field: 'input.text', limit: 5, docs: 'x', retryable: false }, 'unable to send'),
    );
    const fault = await newClient()
      .execute(query)
      .catch((err: unknown) => err);
    expect(fault).toMatchObject({
      name: 'ParleyError',
      code: 'invalid_input',
      message: 'unable to send',
      details: { field: 'input.text', limit: 5 },
    });
    expect(api.seen).toHaveLength(1);
  });

  test.each([
    [502, '<html>Bad Gateway</html>', 'unavailable'],
    [401, '', 'unauthenticated'],
    [200, '<html>Welcome</html>', 'internal'],
    [200, '{}', 'internal'],
    [200, '{"errors":[{}]}', 'internal'],
    [413, '{"errors":[{"message":"too large"}]}', 'payload_too_large'],
  ])('tells what an answer that is none of ours means: %d %s', async (status, body, code) => {
    api.answer({ status, body });
    await expect(newClient().execute(mutation, {}, { timeoutMs: 10_000 })).rejects.toMatchObject({ code });
  });
});

describe('what may pass is tried again', () => {
  const fine = { body: { data: { ok: true } } };

  test('at most four times, then the last fault is told', async () => {
    api.answer(refusalOf('unavailable', { retryAfterMs: 1 }));
    await expect(newClient().execute(query)).rejects.toMatchObject({ code: 'unavailable' });
    expect(api.seen).toHaveLength(4);
  });

  test('a mutation too, when nothing was done', async () => {
    api.answer(refusalOf('rate_limited', { retryAfterMs: 1 }), refusalOf('unavailable', { retryAfterMs: 1 }), fine);
    expect(await newClient().execute(mutation)).toEqual({ ok: true });
    expect(api.seen).toHaveLength(3);
  });

  test('but not a mutation whose outcome is unknown, unless it may be done twice', async () => {
    api.answer('drop', fine);
    await expect(newClient().execute(mutation)).rejects.toMatchObject({ code: 'disconnected' });
    expect(api.seen).toHaveLength(1);
    api.answer('drop', refusalOf('timeout', { retryAfterMs: 1 }), fine);
    expect(await newClient().execute(mutation, {}, { idempotent: true })).toEqual({ ok: true });
    expect(api.seen).toHaveLength(4);
  });

  test.each(['{ me { id } }', '# who\n  query { me { id } }', query])('a query always: %j', async (document) => {
    api.answer('drop', fine);
    expect(await newClient().execute(document)).toEqual({ ok: true });
  });

  test('not when the server asks for a longer pause than there is time', async () => {
    api.answer(refusalOf('rate_limited', { retryAfterMs: 60_000 }));
    await expect(newClient().execute(query)).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfterMs: 60_000 },
    });
    expect(api.seen).toHaveLength(1);
  });
});

describe('every wait has an end', () => {
  test('a server that never answers', async () => {
    api.answer('hang');
    const fault = newClient({ timeoutMs: 50 }).execute(query);
    await expect(fault).rejects.toMatchObject({ code: 'timeout', details: { limit: 50 } });
  });

  test('a server that is not there', async () => {
    const url = api.url.replace(/:\d+/, ':9');
    const fault = createServerClient({ url, ...key, timeoutMs: 50 }).execute(query);
    await expect(fault).rejects.toMatchObject({ code: expect.stringMatching(/disconnected|timeout/) });
  });

  test('a caller who no longer wants to know', async () => {
    api.answer('hang');
    const caller = new AbortController();
    const call = newClient().execute(query, {}, { signal: caller.signal });
    const refused = expect(call).rejects.toThrow('changed my mind');
    await vi.waitFor(() => expect(api.seen).toHaveLength(1));
    caller.abort(new Error('changed my mind'));
    await refused;
  });
});

describe('administration', () => {
  const result = { id: 'messaging:a' };
  const inputOf = () => api.seen.at(-1)?.variables['input'];
  beforeEach(() => api.answer({ body: { data: { result } } }));

  test('users', async () => {
    const client = newClient();
    expect(await client.upsertUsers([{ id: 'ada', name: 'Ada' }])).toEqual(result);
    expect(inputOf()).toEqual({ users: [{ id: 'ada', name: 'Ada' }] });
    await client.revokeTokens({ userId: 'ada', issuedBefore: new Date(0) });
    expect(inputOf()).toEqual({ userId: 'ada', issuedBefore: '1970-01-01T00:00:00.000Z' });
    expect(await client.revokeTokens()).toBeUndefined();
    expect(inputOf()).toEqual({});
  });

  test('settings', async () => {
    await newClient().updateAppSettings({ userVisibility: 'SERVER' });
    expect(inputOf()).toEqual({ userVisibility: 'SERVER' });
  });

  test('channels and members', async () => {
    const client = newClient();
    expect(await client.createChannel({ type: 'messaging', key: 'a', memberIds: ['ada'] }, { asUser: 'ada' })).toEqual(
      result,
    );
    expect(decodeJwt(api.seen[0]?.token ?? '').sub).toBe('ada');
    await client.updateChannel({ channelId: 'messaging:a', name: null });
    expect(inputOf()).toEqual({ channelId: 'messaging:a', name: null });
    await client.addMembers('messaging:a', ['bob', { userId: 'eve', role: 'moderator' }]);
    expect(inputOf()).toEqual({
      channelId: 'messaging:a',
      members: [{ userId: 'bob' }, { userId: 'eve', role: 'moderator' }],
    });
    await client.removeMembers('messaging:a', ['bob']);
    expect(inputOf()).toEqual({ channelId: 'messaging:a', userIds: ['bob'] });
    await client.deleteChannel('messaging:a');
    expect(inputOf()).toEqual({ channelId: 'messaging:a' });
  });

  test('a message is sent as its user, and again with the same id when the connection fails', async () => {
    api.answer('drop', { body: { data: { result } } });
    await newClient().sendMessage('ada', { channelId: 'messaging:a', text: 'hello' });
    const ids = api.seen.map(({ variables }) => variables['input']);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toEqual({ channelId: 'messaging:a', text: 'hello', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(ids[1]).toEqual(ids[0]);
    expect(decodeJwt(api.seen[0]?.token ?? '')).toMatchObject({ sub: 'ada', scope: 'server' });
  });

  test('a deletion whose outcome is unknown is left to the caller', async () => {
    api.answer('drop', { body: { data: { result } } });
    await expect(newClient().deleteChannel('messaging:a')).rejects.toMatchObject({ code: 'disconnected' });
    expect(api.seen).toHaveLength(1);
  });
});

test('tokens are minted with the key of the client', async () => {
  const client = newClient();
  expect(decodeJwt(await client.mintUserToken('ada', { expiresInSeconds: 60 }))).toMatchObject({ sub: 'ada' });
  expect(decodeJwt(await client.mintServerToken())).toMatchObject({ scope: 'server' });
});

test.each(['', 'localhost:4000', 'ws://localhost/graphql', 'http://'])('%j is no URL of the API', (url) => {
  expect(() => createServerClient({ url, ...key })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
