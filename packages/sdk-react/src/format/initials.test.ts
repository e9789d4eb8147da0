import { expect, test } from 'vitest';
import { isEmojiOnly } from './emoji.ts';
import { hueOf, initialsOf } from './initials.ts';

test('initials are those of the first and the last word', () => {
  expect(initialsOf('Ada Lovelace')).toBe('AL');
  expect(initialsOf('grace')).toBe('G');
  expect(initialsOf('Juan Carlos de la Cruz')).toBe('JC');
  expect(initialsOf('bob.kahn@example.org')).toBe('BO');
  expect(initialsOf('')).toBe('?');
});

test('a letter of two code units is not cut in half', () => {
  expect(initialsOf('👩‍🚀')).toBe('👩‍🚀');
  expect(initialsOf('𝒜da')).toBe('𝒜');
});

test('emoji and signs around a name are left out', () => {
  expect(initialsOf('Launch week 🚀')).toBe('LW');
  expect(initialsOf('👩‍🚀 Sally (abroad)')).toBe('SA');
});

test('a colour stays with its id', () => {
  expect(hueOf('ada')).toBe(hueOf('ada'));
  expect(hueOf('ada')).not.toBe(hueOf('bob'));
  for (const id of ['', 'ada', 'x'.repeat(255)]) expect(hueOf(id)).toBeLessThan(360);
});

test('one to three emoji and nothing else are shown large', () => {
  for (const text of ['🎉', '👍🏽', '✌🏽', '❤️', '👩‍👩‍👧 🎉', '👩‍❤️‍💋‍👨', '🏳️‍🌈', '🇩🇪', '🇩🇪🇫🇷 🇺🇳', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣2️⃣', '#️⃣', '©️'])
    expect(isEmojiOnly(text)).toBe(true);
  for (const text of [
    '',
    '12',
    '#',
    'ok 🎉',
    '🎉🎉🎉🎉',
    '©ool',
    '©',
    '®',
    '™ ©',
    '↔',
    'ℹ',
    '☎',
    '🇩',
    '\uFE0F',
    '\u200D',
  ])
    expect(isEmojiOnly(text)).toBe(false);
});
