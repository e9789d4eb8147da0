import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusal } from '../test/refusal.ts';
import {
  channelIdOf,
  isMessageId,
  isUserId,
  parseChannelId,
  parseChannelKey,
  parseMessageId,
  parseUserId,
  splitChannelId,
} from './ids.ts';

describe('user ids', () => {
  test.each(['a', 'ada@example.com', 'tenant:42', 'A_b.c-d', 'x'.repeat(255)])('%s is one', (id) => {
    expect(parseUserId(id)).toBe(id);
    expect(isUserId(id)).toBe(true);
  });

  test.each(['', 'with blank', 'x'.repeat(256), 'a/b', 'ada\n', 'ä', 'a*', 'a>b', '👋', 'a\0'])('%j is none', (id) => {
    expect(refusal(() => parseUserId(id, 'users.0.id'))).toMatchObject({
      code: 'invalid_input',
      details: { field: 'users.0.id', limit: 255 },
      message: 'unable to accept users.0.id; a user id is 1 to 255 of A-Z a-z 0-9 @ _ . : -',
    });
  });
});

describe('channel ids', () => {
  test.each(['messaging:general', 'ai:A_b-c!d', `team:${'k'.repeat(64)}`])('%s is one', (id) => {
    expect(parseChannelId(id)).toBe(id);
  });

  test.each([
    '',
    ':',
    'messaging',
    'messaging:',
    ':general',
    'Messaging:general',
    'messaging:a:b',
    'messaging:a b',
    'messaging:a.b',
    'messaging:a*',
    'messaging:>',
    'm:a\n',
    `m:${'k'.repeat(65)}`,
  ])('%j is none', (id) => {
    expect(refusal(() => parseChannelId(id))).toMatchObject({ code: 'invalid_input', details: { field: 'channelId' } });
  });

  test('a channel id falls into the parts it was made of', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/),
        fc.stringMatching(/^[A-Za-z0-9_!-]{1,64}$/),
        (type, key) => {
          expect(splitChannelId(parseChannelId(channelIdOf(type, key)))).toEqual({ type, key });
        },
      ),
    );
  });

  test('a key says its limit when it is refused', () => {
    expect(parseChannelKey('general')).toBe('general');
    expect(refusal(() => parseChannelKey('a.b'))).toMatchObject({ details: { field: 'key', limit: 64 } });
  });
});

describe('message ids', () => {
  test('a UUID of any case is stored in lower case, so that a retry finds it', () => {
    const id = '0B6F3A52-53C0-4F54-A1EE-0B6A4C4F3A55';
    expect(parseMessageId(id)).toBe(id.toLowerCase());
    expect(isMessageId(id)).toBe(true);
    fc.assert(fc.property(fc.uuid(), (uuid) => parseMessageId(uuid.toUpperCase()) === uuid));
  });

  test.each(['', '1', '0b6f3a5253c04f54a1ee0b6a4c4f3a55', 'g'.repeat(36)])('%j is none', (id) => {
    expect(refusal(() => parseMessageId(id)).message).toContain('crypto.randomUUID()');
  });
});
