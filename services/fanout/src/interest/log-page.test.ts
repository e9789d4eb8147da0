import { expect, test } from 'vitest';
import { outcomeOf } from './log-page.ts';

const page = { epoch: 'one', head: 9, floor: 0, events: [] };
const replica = { epoch: 'one', head: 9 };

test('a page of another epoch says nothing about this log', () => {
  expect(outcomeOf({ ...page, epoch: 'two', floor: 50 }, replica)).toEqual({ kind: 'otherEpoch' });
});

test('a log that begins after the next event cannot fill the hole', () => {
  expect(outcomeOf({ ...page, floor: 10, head: 15 }, replica)).toEqual({ kind: 'pruned', resumeAt: 15 });
  expect(outcomeOf({ ...page, floor: 20, head: 15 }, replica)).toEqual({ kind: 'pruned', resumeAt: 20 });
  expect(outcomeOf({ ...page, floor: 9 }, replica)).toMatchObject({ kind: 'events' });
});

test('an empty page is the end of the log unless its head says otherwise', () => {
  expect(outcomeOf(page, replica)).toEqual({ kind: 'events', isEnd: true });
  expect(outcomeOf({ ...page, head: 10 }, replica)).toEqual({ kind: 'events', isEnd: false });
});
