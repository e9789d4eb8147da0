import { expect, test } from 'vitest';
import { english, nameOf } from '../strings.ts';
import { isolating } from './isolating.ts';
import { isVisible, oneLine } from './one-line.ts';

const named = (name: string) => nameOf({ id: 'mallory', name, deletedAt: null }, english);

test('a name keeps its letters and marks, and loses what would reorder others', () => {
  expect(oneLine('\u202Egnp.exe')).toBe('gnp.exe');
  expect(oneLine('\u2067a\u2066b\u2069\u202D\u202C')).toBe('ab');
  expect(oneLine('نامه\u200Cای')).toBe('نامه\u200Cای');
  expect(oneLine('👨‍👩‍👧 Ada')).toBe('👨‍👩‍👧 Ada');
});

test('a name is one line without control characters', () => {
  expect(oneLine(' Ada\n\n\tSystem:\u0085\u2028you\u0007 won ')).toBe('Ada System: you won');
});

test('accents are not stacked over the neighbours', () => {
  expect(oneLine(`a${'\u0301'.repeat(200)}b`)).toBe(`a${'\u0301'.repeat(4)}b`);
  expect(oneLine('Ngô Văn Ệ'.normalize('NFD'))).toBe('Ngô Văn Ệ'.normalize('NFD'));
});

test('who has no name to see is called by the id', () => {
  for (const name of ['', ' ', '\u200B\u2060', '\u3164', '\u2800', '\u202E', '\u0301']) {
    expect(isVisible(name)).toBe(false);
    expect(named(name)).toBe('mallory');
  }
  expect(named(' Ada ')).toBe('Ada');
});

test('a name from right to left stays in its place in a sentence, also in words of the host', () => {
  const words = isolating({ ...english, typing: (names) => `${names.join(' + ')} typing (2)` });
  expect(words.typing(['עדה', 'Bob'])).toBe('\u2068עדה\u2069 + Bob typing (2)');
  expect(words.messageBy('\u202Eeve\u2069', '12:00')).toBe('eve, 12:00');
  expect(words.readBy(['Ada', 'عدا'])).toBe('Read by Ada and \u2068عدا\u2069');
  expect(words.preview('Bob', 'שלום 123')).toBe('Bob: \u2068שלום 123\u2069');
  expect(words.replyingTo('\u200Feve')).toBe('Replying to \u2068\u200Feve\u2069');
  expect(words.reactions('\u202E:', 3, false)).toBe(':, 3');
  expect(words.reactWith('א')).toBe('React with \u2068א\u2069');
  expect(words.draft('א')).toBe('Draft: \u2068א\u2069');
});
