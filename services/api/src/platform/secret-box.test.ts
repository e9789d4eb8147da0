import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSecretBox, parseSecretsKey } from './secret-box.ts';

const [one, two] = [randomBytes(32), randomBytes(32)];
const row = ['api_keys', 'app_1', 'key_1'];

describe('a sealed secret', () => {
  test('opens for its own row, and shows nothing of itself', () => {
    const box = createSecretBox([one]);
    const sealed = box.seal('hunter2', row);
    expect(sealed).toMatch(/^v1\.[0-9a-f]{12}\.[\w-]+$/);
    expect(sealed).not.toContain('hunter2');
    expect(box.open(sealed, row)).toBe('hunter2');
  });

  test('is another each time', () => {
    const box = createSecretBox([one]);
    expect(box.seal('hunter2', row)).not.toBe(box.seal('hunter2', row));
  });

  test.each([
    ['another app', ['api_keys', 'app_2', 'key_1']],
    ['another key', ['api_keys', 'app_1', 'key_2']],
    ['another table', ['webhooks', 'app_1', 'key_1']],
    ['names run together', ['api_keys', 'app_1key_1', '']],
  ])('does not open for %s', (_name, other) => {
    const box = createSecretBox([one]);
    expect(() => box.open(box.seal('hunter2', row), other)).toThrow('not of this row');
  });

  test('does not open when any part of it was changed', () => {
    const box = createSecretBox([one]);
    const sealed = box.seal('hunter2', row);
    const start = sealed.lastIndexOf('.') + 1;
    const bytes = Buffer.from(sealed.slice(start), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const forged = Buffer.from(bytes);
      forged[at] = (forged[at] ?? 0) ^ 1;
      expect(() => box.open(sealed.slice(0, start) + forged.toString('base64url'), row)).toThrow('unable to read');
    }
    for (const cut of ['', 'AAAA']) expect(() => box.open(sealed.slice(0, start) + cut, row)).toThrow('unable to read');
  });

  test('opens with an older key that is still there, and not without it', () => {
    const sealed = createSecretBox([one]).seal('hunter2', row);
    const rotating = createSecretBox([two, one]);
    expect(rotating.open(sealed, row)).toBe('hunter2');
    expect(rotating.isCurrent(sealed)).toBe(false);
    expect(rotating.isCurrent(rotating.seal('hunter2', row))).toBe(true);
    expect(() => createSecretBox([two]).open(sealed, row)).toThrow(/encrypted with the key [0-9a-f]{12}, which/);
  });
});

test('a secret from before encryption is read as it is, and counts as to be encrypted', () => {
  const box = createSecretBox([one]);
  expect(box.open('plain', row)).toBe('plain');
  expect(box.isCurrent('plain')).toBe(false);
  expect(createSecretBox([]).isCurrent('plain')).toBe(true);
  expect(createSecretBox([]).seal('plain', row)).toBe('plain');
});

test.each([
  ['one key', one.toString('base64'), 1],
  ['base64url', one.toString('base64url'), 1],
  ['two keys', `${two.toString('base64')}, ${one.toString('base64')}`, 2],
  ['31 bytes', randomBytes(31).toString('base64'), null],
  ['33 bytes', randomBytes(33).toString('base64'), null],
  ['hexadecimal digits', one.toString('hex'), null],
  ['a key and nothing', `${one.toString('base64')},`, null],
  ['nothing', '', null],
])('SECRETS_KEY of %s', (_name, text, count) => {
  expect(parseSecretsKey(text)?.length ?? null).toBe(count);
});
