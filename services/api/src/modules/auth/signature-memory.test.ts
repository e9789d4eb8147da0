import { expect, test } from 'vitest';
import { mintToken } from '../../../test/tokens.ts';
import { createSignatureMemory } from './signature-memory.ts';

const key = { keyId: 'key_one', secret: 'a secret that is long enough for a test' };

test('a token that was seen before is known, and still refused under another secret', async () => {
  const memory = createSignatureMemory();
  const token = await mintToken(key, 'ada');
  const claims = await memory.claimsOf(token, key.secret);
  expect(claims).toMatchObject({ sub: 'ada' });
  expect(await memory.claimsOf(token, key.secret)).toBe(claims);
  await expect(memory.claimsOf(token, 'another secret')).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a refused token is not remembered, and a changed one is not the one that was seen', async () => {
  const memory = createSignatureMemory();
  const token = await mintToken(key, 'ada');
  await memory.claimsOf(token, key.secret);
  const [header, payload, signature = ''] = token.split('.');
  const forged = [header, payload, signature.split('').reverse().join('')].join('.');
  await expect(memory.claimsOf(forged, key.secret)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(memory.claimsOf(forged, key.secret)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('however many tokens there are and however long, they take no more than a bounded number of bytes', async () => {
  const memory = createSignatureMemory();
  const first = await mintToken(key, 'ada');
  await memory.claimsOf(first, key.secret);
  for (let at = 0; at < 3_000; at += 1) {
    const token = await mintToken(key, 'ada', { claims: { filler: `${at} ${'x'.repeat(2_500)}` } });
    await memory.claimsOf(token, key.secret);
  }
  expect(memory.has(first)).toBe(false);
});
