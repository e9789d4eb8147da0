import { expect, test } from 'vitest';
import { message, user, view } from '../../test/builders.ts';
import { timelineOf } from './timeline.ts';

const ada = user('ada');
const bob = user('bob');
const noon = new Date(2026, 5, 17, 12, 0).getTime();
let made = 0;
const said = (from: typeof ada | null, atSecond: number, seq = 1, parts = {}) => {
  made += 1;
  return view(
    message(`m${made}`, from, 'hello', { seq, createdAt: new Date(noon + atSecond * 1_000).toISOString(), ...parts }),
  );
};
const options = { userId: 'ada', newAfterSeq: null, hasOlder: false };
const shape = (rows: ReturnType<typeof timelineOf>) =>
  rows.map((row) =>
    row.kind === 'message'
      ? `${row.startsGroup ? '[' : ''}${row.own ? 'own' : 'other'}${row.endsGroup ? ']' : ''}`
      : row.kind,
  );

test('messages of one author within a minute are one group', () => {
  expect(shape(timelineOf([said(bob, 0), said(bob, 50), said(bob, 100), said(ada, 101)], options))).toEqual([
    'day',
    '[other',
    'other',
    'other]',
    '[own]',
  ]);
});

test('more than a minute apart they are not', () => {
  expect(shape(timelineOf([said(bob, 0), said(bob, 61)], options))).toEqual(['day', '[other]', '[other]']);
});

test('each day begins with its label, and no group goes over midnight', () => {
  const midnight = 12 * 3_600;
  expect(shape(timelineOf([said(bob, midnight - 10), said(bob, midnight + 10)], options))).toEqual([
    'day',
    '[other]',
    'day',
    '[other]',
  ]);
});

test('the divider stands before the first new message of somebody else, and splits its group', () => {
  const items = [said(bob, 0, 5), said(bob, 1, 6), said(ada, 2, 7), said(bob, 3, 8)];
  expect(shape(timelineOf(items, { userId: 'ada', newAfterSeq: 5, hasOlder: false }))).toEqual([
    'day',
    '[other]',
    'new',
    '[other]',
    '[own]',
    '[other]',
  ]);
});

test('own messages alone are never new', () => {
  expect(
    shape(timelineOf([said(ada, 0, 5), said(ada, 1, 6)], { userId: 'ada', newAfterSeq: 1, hasOlder: false })),
  ).toEqual(['day', '[own', 'own]']);
});

test('system messages stand for themselves', () => {
  expect(shape(timelineOf([said(bob, 0), said(bob, 1, 2, { kind: 'SYSTEM' }), said(bob, 2)], options))).toEqual([
    'day',
    '[other]',
    '[other]',
    '[other]',
  ]);
});

test('keys are unique and a message keeps its own when older ones come before it', () => {
  const late = [said(bob, 10), said(ada, 20)];
  const all = timelineOf([said(bob, -86_400), ...late], { ...options, newAfterSeq: 0 });
  const keys = all.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { id } of late) expect(keys).toContain(id);
});

test('nothing makes nothing', () => {
  expect(timelineOf([], options)).toEqual([]);
});

test.each([
  ['an older message is loaded', [said(bob, 0, 4), said(bob, 1, 8)], ['day', '[other]', 'new', '[other]']],
  ['it is the very next one', [said(bob, 0, 6), said(bob, 1, 8)], ['day', 'new', '[other', 'other]']],
  ['older ones may be new too', [said(bob, 0, 8), said(bob, 1, 9)], ['day', '[other', 'other]']],
])('with older messages to load, the divider stands where the first new message is known: %s', (_case, items, rows) => {
  expect(shape(timelineOf(items, { userId: 'ada', newAfterSeq: 5, hasOlder: true }))).toEqual(rows);
});
