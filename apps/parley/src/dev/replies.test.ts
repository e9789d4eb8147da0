import { expect, test } from 'vitest';
import { createReplies, reactionTo } from './replies.ts';

test('a greeting is answered by name and with a wave', () => {
  expect(createReplies()('Hello everyone', 'Ada')).toContain('Ada');
  expect(reactionTo('Hello everyone')).toBe('👋');
});

test('asking the same twice brings another answer, and the first one comes round again', () => {
  const reply = createReplies();
  const [first, second, third] = ['hi', 'hi', 'hi'].map((text) => reply(text, 'Bob'));
  expect(second).not.toBe(first);
  expect(third).toBe(first);
});

test('what was said decides what is answered', () => {
  const reply = createReplies();
  expect(reply('what happens when I go offline', 'Ada')).toContain('missed');
  expect(reply('how do I call the API', 'Ada')).toContain('/graphql');
  expect(reply('is it raining?', 'Ada')).toContain('question');
});

test('a word inside another word is not heard', () => {
  expect(reactionTo('this chip')).toBeNull();
});

test('anything else gets an answer too, without a reaction', () => {
  expect(createReplies()('zzz', 'Ada')).toMatch(/\w/);
  expect(reactionTo('zzz')).toBeNull();
});
