import { systemClock } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { mintToken, type SigningKey } from '../../../test/tokens.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createAuthService } from './service.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

/** A node of its own memory, at a time of the test's choice: so many ms after `base`. */
const at = (base: number, ms: number) =>
  createAuthService({ db: node.db, secrets: createSecretBox([]), clock: { ...systemClock, now: () => base + ms } });

/** Revokes what ada has; resolves with the moment, in ms since 1970. */
async function revoked(): Promise<{ readonly key: SigningKey & { readonly appId: string }; readonly until: number }> {
  const key = await newApp(node);
  const { actor } = await node.auth.open(await mintToken(key, null, { scope: 'server' }), null);
  await node.apps.revokeTokens(actor, { userId: 'ada' });
  const [row] = await node.db.query<{ until: string }>(
    'SELECT tokens_valid_after AS until FROM users WHERE app_id = $1 AND user_id = $2',
    [key.appId, 'ada'],
  );
  return { key, until: Date.parse(row?.until ?? '') };
}

const tokenOf = (key: SigningKey, issuedAt: number) =>
  mintToken(key, 'ada', { claims: { iat: issuedAt / 1_000, exp: issuedAt / 1_000 + 3_600 } });

describe('once the tokens of a user were revoked', () => {
  test.each([
    ['a millisecond before', -1, false],
    ['at that moment', 0, false],
    ['a millisecond after, in the same second', 1, true],
    ['half a minute after', 30_000, true],
    ['an hour after', 3_600_000, true],
  ])('a token that was made %s by a clock that is right', async (_name, ms, good) => {
    const { key, until } = await revoked();
    const opened = at(until, Math.max(ms, 0) + 5).open(await tokenOf(key, until + ms), null);
    if (good) await expect(opened).resolves.toMatchObject({ actor: { userId: 'ada' } });
    else await expect(opened).rejects.toThrow('that were issued until');
  });

  test('a token that tells whole seconds alone counts as made at the beginning of its second', async () => {
    const { key, until } = await revoked();
    const second = Math.floor(until / 1_000) * 1_000;
    await expect(at(until, 10).open(await tokenOf(key, second), null)).rejects.toThrow('that were issued until');
    await expect(at(until, 1_005).open(await tokenOf(key, second + 1_000), null)).resolves.toMatchObject({});
  });

  test.each([1_500, 20_000, 29_000])(
    'a token of a clock %d ms ahead is refused, on every node, and goes on being refused when its time has come',
    async (ahead) => {
      const { key, until } = await revoked();
      const stolen = await tokenOf(key, until + ahead);
      await expect(at(until, 10).open(stolen, null)).rejects.toThrow('may be older than the revocation');
      await expect(at(until, ahead + 1).open(stolen, null)).rejects.toThrow('may be older than the revocation');
      await expect(at(until, 60_000).open(stolen, null)).rejects.toThrow('set that clock right');
    },
  );

  test('a token that was presented before the revocation, from a clock ahead, is refused after it', async () => {
    const key = await newApp(node);
    const base = Date.now();
    const stolen = await tokenOf(key, base + 20_000);
    const { principal } = await at(base, 0).open(stolen, null);
    const { actor } = await node.auth.open(await mintToken(key, null, { scope: 'server' }), null);
    await node.apps.revokeTokens(actor, { userId: 'ada' });
    await expect(at(base, 40_000).open(stolen, null)).rejects.toThrow('may be older than the revocation');
    await expect(node.auth.actorOf(await node.auth.sign(principal))).rejects.toThrow('that were issued until');
  });

  test('who makes tokens by a clock ahead is let in again after the tolerance', async () => {
    const { key, until } = await revoked();
    await expect(at(until, 10).open(await tokenOf(key, until + 20_000), null)).rejects.toThrow('may be older');
    await expect(at(until, 12_000).open(await tokenOf(key, until + 31_000), null)).resolves.toMatchObject({});
  });

  test('a clock ahead of one key is no matter for another', async () => {
    const { key, until } = await revoked();
    const other = await node.apps.createKey(key.appId);
    await expect(at(until, 10).open(await tokenOf(key, until + 20_000), null)).rejects.toThrow('may be older');
    await expect(at(until, 5_010).open(await tokenOf(other, until + 5_000), null)).resolves.toMatchObject({});
  });
});

test('a clock that is right costs no statement', async () => {
  const key = await newApp(node);
  const token = await tokenOf(key, Date.now());
  await node.auth.open(token, null);
  const texts: string[] = [];
  const unsubscribe = node.db.onStatement((text) => texts.push(text));
  await node.auth.open(token, null);
  unsubscribe();
  expect(texts.filter((text) => text.includes('ahead_until ='))).toEqual([]);
});
