import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { createStatementCounter } from '../../../test/statements.ts';
import { mintToken } from '../../../test/tokens.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const open = async (token: string | null, origin: string | null = null) => await node.auth.open(token, origin);
/** The principal as fan-out gets it. */
const sessionOf = async (token: string) => await node.auth.sign((await open(token)).principal);
const serverOf = async (key: { appId: string; keyId: string; secret: string }) =>
  (await open(await mintToken(key, null, { scope: 'server' }))).actor;

describe('opening a session', () => {
  test('makes an unknown user, whose app vouches for it', async () => {
    const key = await newApp(node);
    const { actor, principal } = await open(await mintToken(key, 'ada'));
    expect(actor).toMatchObject({ kind: 'user', appId: key.appId, userId: 'ada', role: 'user', asServer: false });
    expect(principal).toMatchObject({ appId: key.appId, keyId: key.keyId, scope: 'user', userId: 'ada' });
    expect((await node.users.byIds(key.appId, ['ada'])).get('ada')).toMatchObject({ id: 'ada', role: 'user' });
  });

  test('of a user not seen before, twice at once, makes one user', async () => {
    const key = await newApp(node);
    const token = await mintToken(key, 'ada');
    const sessions = await Promise.all([open(token), open(token), open(token)]);
    expect(sessions.map(({ actor }) => actor.kind)).toEqual(['user', 'user', 'user']);
  });

  test('tells a back end from a user, and from a back end that acts as one', async () => {
    const key = await newApp(node);
    expect(await serverOf(key)).toMatchObject({ kind: 'server', appId: key.appId });
    const acting = await open(await mintToken(key, 'ada', { scope: 'server' }));
    expect(acting.actor).toMatchObject({ kind: 'user', userId: 'ada', asServer: true });
  });

  test('gives the role of the moment', async () => {
    const key = await newApp(node);
    const token = await mintToken(key, 'ada');
    await open(token);
    await node.users.upsert(await serverOf(key), [{ id: 'ada', role: 'admin' }]);
    expect((await open(token)).actor).toMatchObject({ role: 'admin' });
  });

  test('costs one statement once the key is known', async () => {
    const key = await newApp(node);
    const token = await mintToken(key, 'ada');
    await open(token);
    const { statements } = await createStatementCounter(node.db).during(() => open(token));
    expect(statements).toHaveLength(1);
  });

  test.each([
    ['no token', async () => null, 'no token was sent'],
    ['an empty one', async () => '', 'no token was sent'],
    [
      'an unknown key',
      () => mintToken({ keyId: 'key_nobody', secret: 'x' }, 'ada'),
      'signed with an unknown key key_nobody',
    ],
    ['a key id that is none', () => mintToken({ keyId: "k'; --\0", secret: 'x' }, 'ada'), 'signed with an unknown key'],
  ])('with %s is refused', async (_name, token, why) => {
    await expect(open(await token())).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining(why),
    });
  });

  test('with the key of another app gives no way into this one', async () => {
    const [mine, other] = [await newApp(node), await newApp(node)];
    const { principal } = await open(await mintToken(other, 'ada', { claims: { app: mine.appId, appId: mine.appId } }));
    expect(principal.appId).toBe(other.appId);
    await expect(open(await mintToken({ keyId: mine.keyId, secret: other.secret }, 'ada'))).rejects.toThrow(
      'signature',
    );
  });

  test('as a deleted user is refused', async () => {
    const key = await newApp(node);
    const token = await mintToken(key, 'ada');
    await open(token);
    await node.db.query('UPDATE users SET deleted_at = now() WHERE app_id = $1', [key.appId]);
    await expect(open(token)).rejects.toThrow('the user ada was deleted at');
  });
});

describe('origins', () => {
  test('are all allowed until the app lists some', async () => {
    const key = await newApp(node);
    const token = await mintToken(key, 'ada');
    await open(token, 'https://anywhere.example');
    await node.apps.setAllowedOrigins(key.appId, ['https://app.example.com']);
    await open(token, 'https://app.example.com');
    await open(token, null);
    await expect(open(token, 'https://evil.example')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(open(token, 'null')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('revocation', () => {
  test('of a key refuses its tokens at once, those of a newer key stay good', async () => {
    const key = await newApp(node);
    const newer = await node.apps.createKey(key.appId);
    const [old, fresh] = [await mintToken(key, 'ada'), await mintToken(newer, 'ada')];
    const principal = await sessionOf(old);
    await open(fresh);
    await node.apps.revokeKey(key.appId, key.keyId);
    await expect(open(old)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('was revoked at 20'),
    });
    await expect(node.auth.actorOf(principal)).rejects.toThrow('was revoked at');
    await open(fresh);
  });

  test('of a user refuses what was issued until then, and nobody else', async () => {
    const key = await newApp(node);
    const token = await mintToken(key, 'ada', { issuedAgo: 10 });
    const principal = await sessionOf(token);
    const notices: unknown[] = [];
    node.bus.subscribe(subjects.user(key.appId, 'ada'), (payload) => notices.push(JSON.parse(payload)));
    await node.apps.revokeTokens(await serverOf(key), { userId: 'ada' });
    await expect(open(token)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('of this user'),
    });
    await expect(node.auth.actorOf(principal)).rejects.toMatchObject({ code: 'unauthenticated' });
    await open(await mintToken(key, 'ada', { claims: { iat: Date.now() / 1_000 + 0.001 } }));
    await open(await mintToken(key, 'bob', { issuedAgo: 10 }));
    await eventually(() =>
      expect(notices).toContainEqual({ kind: 'revoked', issuedBefore: expect.stringMatching(/^20.*Z$/) }),
    );
  });

  test('of an app refuses every token issued until then, and those that do not say when', async () => {
    const key = await newApp(node);
    const server = await serverOf(key);
    const notices: unknown[] = [];
    node.bus.subscribe(subjects.app(key.appId), (payload) => notices.push(JSON.parse(payload)));
    const until = new Date(Date.now() - 60_000).toISOString();
    await node.apps.revokeTokens(server, { issuedBefore: until });
    await expect(open(await mintToken(key, 'ada', { issuedAgo: 120 }))).rejects.toThrow('the token was revoked');
    await expect(open(await mintToken(key, 'ada', { claims: { iat: undefined } }))).rejects.toThrow(
      'the token was revoked',
    );
    await open(await mintToken(key, 'ada', { issuedAgo: 30 }));
    await eventually(() => expect(notices).toContainEqual({ kind: 'revoked', keyId: null, issuedBefore: until }));
  });

  test('never goes back, nor into the future', async () => {
    const key = await newApp(node);
    const server = await serverOf(key);
    await node.apps.revokeTokens(server, { userId: 'ada', issuedBefore: new Date(Date.now() - 60_000).toISOString() });
    await node.apps.revokeTokens(server, { userId: 'ada', issuedBefore: '2020-01-01T00:00:00Z' });
    await expect(open(await mintToken(key, 'ada', { issuedAgo: 90 }))).rejects.toThrow('revoked');
    await node.apps.revokeTokens(server, { userId: 'ada', issuedBefore: '2999-01-01T00:00:00Z' });
    await open(await mintToken(key, 'ada', { claims: { iat: Date.now() / 1_000 + 0.001 } }));
  });

  test('is for back ends only', async () => {
    const key = await newApp(node);
    const { actor } = await open(await mintToken(key, 'ada'));
    await expect(node.apps.revokeTokens(actor, {})).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('a principal is no longer good when its token has expired', async () => {
  const key = await newApp(node);
  const principal = await sessionOf(await mintToken(key, 'ada'));
  expect(await node.auth.actorOf(principal)).toMatchObject({ userId: 'ada' });
  const expired = await node.auth.sign({ ...principal, expiresAt: 1 });
  await expect(node.auth.actorOf(expired)).rejects.toThrow('the token expired');
});

describe('a principal that comes back over the bus', () => {
  test.each([
    ['is not signed', { signature: undefined }],
    ['names another user', { userId: 'eve' }],
    ['has got the rights of the back end', { scope: 'server' }],
    ['lives longer', { expiresAt: 4_000_000_000 }],
    ['is newer', { issuedAt: 4_000_000_000 }],
    ['has another signature', { signature: Buffer.alloc(32).toString('base64url') }],
    ['has no signature to speak of', { signature: '' }],
  ] as const)('is refused when it %s', async (_what, changes) => {
    const principal = await sessionOf(await mintToken(await newApp(node), 'ada'));
    for (const _ of [1, 2])
      await expect(node.auth.actorOf({ ...principal, ...changes })).rejects.toThrow('not opened by an API node');
    expect(await node.auth.check([{ principal: { ...principal, ...changes }, origin: null }])).toEqual([
      expect.objectContaining({ code: 'unauthenticated' }),
    ]);
    expect(await node.auth.actorOf(principal)).toMatchObject({ userId: 'ada' });
  });

  test('speaks for the app of its key alone, whoever signed it', async () => {
    const [mine, other] = [await newApp(node), await newApp(node)];
    const principal = await sessionOf(await mintToken(mine, 'ada'));
    // Whoever has the secret of a key can sign with it.
    const forged = await node.auth.sign({ ...principal, appId: other.appId });
    await expect(node.auth.actorOf(forged)).rejects.toThrow('one of another app');
  });
});
