import { expect, test } from 'vitest';
import { calendarDaysBetween, createDates } from './dates.ts';

const words = { today: 'Today', yesterday: 'Yesterday' };
const now = new Date(2026, 5, 17, 0, 30);
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
const dates = createDates('en-GB');

test('one minute before midnight was yesterday', () => {
  expect(dates.dayLabel(at(2026, 5, 16, 23, 59), now, words)).toBe('Yesterday');
  expect(dates.dayLabel(at(2026, 5, 17, 0, 1), now, words)).toBe('Today');
});

test('days are told by weekday, then by date, then with the year', () => {
  expect(dates.dayLabel(at(2026, 5, 12, 9, 0), now, words)).toBe('Friday');
  expect(dates.dayLabel(at(2026, 2, 3, 9, 0), now, words)).toBe('3 March');
  expect(dates.dayLabel(at(2024, 2, 3, 9, 0), now, words)).toBe('3 March 2024');
});

test('a list says it as shortly as it can', () => {
  expect(dates.short(at(2026, 5, 17, 0, 5), now, words)).toBe('00:05');
  expect(dates.short(at(2026, 5, 16, 8, 0), now, words)).toBe('Yesterday');
  expect(dates.short(at(2026, 5, 12, 8, 0), now, words)).toBe('Fri');
  expect(dates.short(at(2026, 2, 3, 8, 0), now, words)).toBe('3 Mar');
});

test('a clock that is ahead does not make messages of tomorrow', () => {
  expect(dates.dayLabel(at(2026, 5, 18, 0, 10), now, words)).toBe('Today');
  expect(dates.ago(new Date(now.getTime() + 90_000).toISOString(), now)).toBe('this minute');
});

test('how long ago is told in minutes, hours and days', () => {
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
  expect(dates.ago(before(5 * 60_000), now)).toBe('5 minutes ago');
  expect(dates.ago(before(3 * 3_600_000), now)).toBe('3 hours ago');
  expect(dates.ago(before(24 * 3_600_000), now)).toBe('yesterday');
});

test('days are counted by the calendar, also over a change of the clocks', () => {
  expect(calendarDaysBetween(new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 30, 0, 1))).toBe(2);
});
