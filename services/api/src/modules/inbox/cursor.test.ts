import { expect, test } from 'vitest';
import { encodeCursor } from '../../platform/page.ts';
import { changedSince, decodePosition, encodePosition, inboxCursor } from './cursor.ts';

test('a cursor goes back further than a transaction lives', () => {
  expect(changedSince(inboxCursor('2026-01-01T00:01:00.000Z', 'one'), 'one')).toBe('2026-01-01T00:00:30.000Z');
});

test('with a cursor of another epoch everything is sent', () => {
  expect(changedSince(inboxCursor('2026-01-01T00:01:00.000Z', 'one'), 'two')).toBe('1970-01-01T00:00:00.000Z');
});

test('a cursor from before there were epochs goes on', () => {
  expect(changedSince(encodeCursor('2026-01-01T00:01:00.000Z'), 'one')).toBe('2026-01-01T00:00:30.000Z');
});

test('a position comes back as it was', () => {
  const position = {
    since: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:01:00.000Z',
    afterChannelId: 'messaging:a',
  };
  expect(decodePosition(encodePosition(position))).toEqual(position);
});

test.each([
  '',
  'nonsense',
  encodeCursor('yesterday'),
  encodeCursor(7),
  encodeCursor(null),
  encodeCursor([]),
  encodeCursor('+275760-09-13T00:00:00.000Z'),
  encodeCursor('-000001-01-01T00:00:00Z'),
])('a cursor of other making is refused: %s', (cursor) => {
  expect(() => changedSince(cursor, 'one')).toThrow('unable to accept after');
});

test.each([
  '',
  encodeCursor({}),
  encodeCursor(['2026', '2026']),
  encodeCursor(['x', '2026', 'a:b']),
  encodeCursor(['2026', 7, 'a:b']),
])('a page of other making is refused: %s', (page) => {
  expect(() => decodePosition(page)).toThrow('unable to accept page');
});
