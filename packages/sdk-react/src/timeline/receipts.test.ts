import { expect, test } from 'vitest';
import { message, user, view } from '../../test/builders.ts';
import { furthestRead, readersByMessage, receiptOf } from './receipts.ts';

const ada = user('ada');
const bob = user('bob');
const said = (id: string, from: typeof ada, seq: number) => view(message(id, from, 'hello', { seq }));

test('a message is read when somebody else has read that far', () => {
  const furthest = furthestRead(
    new Map([
      ['ada', 99],
      ['bob', 5],
    ]),
    'ada',
  );
  expect(receiptOf(said('a', ada, 5), furthest)).toBe('read');
  expect(receiptOf(said('b', ada, 6), furthest)).toBe('sent');
});

test('what is not on the server yet is not read, although its position is 0', () => {
  expect(receiptOf(view(message('a', ada, 'hello', { seq: 0 }), { status: 'sending' }), 5)).toBe('sending');
  expect(receiptOf(view(message('a', ada, 'hello', { seq: 0 }), { status: 'failed' }), 5)).toBe('failed');
});

test('each reader stands at the last message read, also between messages of the log', () => {
  const items = [said('one', ada, 2), said('two', ada, 7), said('three', ada, 9)];
  const reads = new Map([
    ['bob', 8],
    ['grace', 2],
    ['lin', 1],
    ['ada', 9],
  ]);
  expect([...readersByMessage(items, reads, 'ada')]).toEqual([
    ['two', ['bob']],
    ['one', ['grace']],
  ]);
});

test('nobody is shown as the reader of their own message', () => {
  expect(readersByMessage([said('one', bob, 3)], new Map([['bob', 3]]), 'ada').size).toBe(0);
});
