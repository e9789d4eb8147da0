import { limits } from '@parley/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { refusal } from '../../contracts/test/refusal.ts';
import { attachmentDrafts } from './attachments.ts';
import { channelId, channelKey, channelType, mentionedUserIds, messageId, userId, userIds } from './ids.ts';
import { customData, isJsonObject } from './json.ts';
import { parseWith } from './parse-with.ts';
import { messageText, name, reactionType, role, webUrl } from './text.ts';

const image = { type: 'image', url: 'https://example.com/a.png' };
const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('input within its limits is taken', () => {
  const cases: readonly (readonly [string, z.ZodType, unknown, unknown?])[] = [
    ['user id', userId, 'ada'],
    ['channel id', channelId, 'messaging:general'],
    ['channel key', channelKey, 'general'],
    ['channel type', channelType, 'team'],
    ['message id', messageId, '0B6F3A52-53C0-4F54-A1EE-0B6A4C4F3A55', '0b6f3a52-53c0-4f54-a1ee-0b6a4c4f3a55'],
    ['mentions, each once', mentionedUserIds, ['ada', 'bob', 'ada'], ['ada', 'bob']],
    ['name', name, 'Ada 👋🏽'],
    ['no name', name, ''],
    ['the longest text', messageText, 'x'.repeat(limits.messageText)],
    ['the longest text of emoji, which are two units each', messageText, '👍'.repeat(limits.messageText / 2)],
    ['empty text', messageText, ''],
    ['the longest URL', webUrl, `https://a/${'x'.repeat(limits.url - 10)}`],
    ['URL', webUrl, 'http://localhost:3000/a.png?x=1'],
    ['reaction', reactionType, '👩🏽‍🚀'],
    ['role', role, 'moderator'],
    ['custom data of the most levels', customData, deep(limits.customDepth)],
    ['custom data', customData, { a: [1, null, { b: true }], ä: '👋' }],
    ['custom data made of a GraphQL literal', customData, Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['the largest custom data', customData, { a: 'x'.repeat(limits.customBytes - 8) }],
  ];
  for (const [title, schema, value, expected = value] of cases)
    test(title, () => expect(parseWith(schema, value, 'input')).toEqual(expected));

  test('an attachment gets null for what it does not say', () => {
    expect(parseWith(attachmentDrafts, [image], 'attachments')).toEqual([
      {
        ...image,
        title: null,
        mimeType: null,
        size: null,
        width: null,
        height: null,
        durationMs: null,
        thumbnailUrl: null,
        custom: {},
      },
    ]);
  });
});

describe('other input is refused by the name of its field, with limit and cure', () => {
  const cases: readonly (readonly [string, z.ZodType, unknown, string, number?])[] = [
    ['a blank in a user id', userId, 'a b', 'f', 255],
    ['a number as user id', userId, 7, 'f'],
    ['a channel without key', channelId, 'messaging', 'f'],
    ['an unknown channel type', channelType, 'party', 'f'],
    ['one bad id of a list', userIds(3), ['ada', ''], 'f.1', 255],
    ['too many ids', userIds(1), ['ada', 'bob'], 'f', 1],
    ['a long name', name, 'x'.repeat(256), 'f', 255],
    ['a name that nobody sees', name, '\u200b\u200d', 'f'],
    ['a long text', messageText, 'x'.repeat(limits.messageText + 1), 'f', limits.messageText],
    ['a long text of few emoji', messageText, '👍'.repeat(limits.messageText / 2 + 1), 'f', limits.messageText],
    ['a long name of few emoji', name, '👍'.repeat(128), 'f', 255],
    ['a long reaction of few emoji', reactionType, '👍'.repeat(33), 'f', 64],
    ['U+0000', messageText, 'a\0b', 'f'],
    ['half of a pair', messageText, 'a\ud83d', 'f'],
    ['a script as URL', webUrl, 'javascript:alert(1)', 'f'],
    ['a path as URL', webUrl, '/a.png', 'f'],
    ['a URL of few characters that take many bytes', webUrl, `https://a/${'\u0001'.repeat(400)}`, 'f', limits.url],
    ['no reaction', reactionType, '', 'f', 1],
    ['a reaction of two words', reactionType, 'a b', 'f'],
    ['a long reaction', reactionType, 'x'.repeat(65), 'f', 64],
    ['a role in capitals', role, 'Admin', 'f', 64],
    ['custom data over 5 KiB', customData, { a: 'x'.repeat(limits.customBytes - 7) }, 'f', limits.customBytes],
    ['custom data over 5 KiB in bytes only', customData, { a: '€'.repeat(2_000) }, 'f', limits.customBytes],
    ['custom data far too deep', customData, deep(100_000), 'f', limits.customDepth],
    ['custom data one level too deep', customData, deep(limits.customDepth + 1), 'f', limits.customDepth],
    ['custom data that is a list', customData, [1], 'f'],
    ['custom data with a date', customData, { a: new Date(0) }, 'f'],
    ['custom data with undefined', customData, { a: undefined }, 'f'],
    ['custom data with infinity', customData, { a: Number.POSITIVE_INFINITY }, 'f'],
    ['custom data with U+0000 in a key', customData, { 'a\0': 1 }, 'f'],
    ['an attachment without type', attachmentDrafts, [{ url: image.url }], 'f.0.type'],
    ['an attachment of negative size', attachmentDrafts, [image, { ...image, size: -1 }], 'f.1.size', 0],
    ['an attachment of fractional width', attachmentDrafts, [{ ...image, width: 1.5 }], 'f.0.width'],
    [
      'an attachment that is a script',
      attachmentDrafts,
      [{ ...image, thumbnailUrl: 'data:text/html,x' }],
      'f.0.thumbnailUrl',
    ],
    ['too many attachments', attachmentDrafts, Array.from({ length: 31 }, () => image), 'f', 30],
    [
      'attachments over 64 KiB together',
      attachmentDrafts,
      Array.from({ length: 20 }, () => ({ ...image, custom: { a: 'x'.repeat(4_000) } })),
      'f',
      limits.attachmentsBytes,
    ],
  ];
  test.each(cases.map(([title, schema, value, field, limit]) => ({ title, schema, value, field, limit })))(
    '$title',
    ({ schema, value, field, limit }) => {
      const error = refusal(() => parseWith(schema, value, 'f'));
      expect(error.code).toBe('invalid_input');
      expect(error.details.field).toBe(field);
      expect(error.details.limit).toBe(limit);
      expect(error.message).toMatch(new RegExp(`^unable to accept ${field}; [a-z]`));
    },
  );
});

test('without a root a field has the name that it has in the input', () => {
  const schema = z.object({ ids: userIds(3) });
  expect(refusal(() => parseWith(schema, { ids: ['ada', ''] })).details.field).toBe('ids.1');
  expect(refusal(() => parseWith(schema, 7)).details.field).toBe('input');
});

test('a field that is not known is named', () => {
  const schema = z.object({ inner: z.strictObject({ a: z.number() }) });
  const error = refusal(() => parseWith(schema, { inner: { a: 1, b: 2 } }, 'input'));
  expect(error.message).toBe('unable to accept input.inner; it has no "b"; leave that out');
});

test('a circle is no JSON', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(isJsonObject(circle)).toBe(false);
});
