import { expect, test } from 'vitest';
import { sentence } from './sentence.ts';

test('a message stands as a sentence', () => {
  expect(sentence('unable to send; you are not a member')).toBe('Unable to send; you are not a member.');
  expect(sentence('Already one.')).toBe('Already one.');
  expect(sentence('is it?')).toBe('Is it?');
  expect(sentence('')).toBe('');
});
