import { expect, test } from 'vitest';
import { msOfDateTime } from './date-time.ts';

test.each([
  ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.123456789+05:30', '2026-01-31T06:30:00.123Z'],
  ['2024-02-29T12:00:00-00:00', '2024-02-29T12:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is a moment', (text, moment) => {
  expect(new Date(msOfDateTime(text) ?? Number.NaN).toISOString()).toBe(moment);
});

test.each([
  ['a day that does not exist', '2026-02-30T12:00:00Z'],
  ['29 February of a common year', '2026-02-29T12:00:00Z'],
  ['31 April', '2026-04-31T12:00:00Z'],
  ['month 13', '2026-13-01T12:00:00Z'],
  ['day 0', '2026-01-00T12:00:00Z'],
  ['hour 25', '2026-01-31T25:00:00Z'],
  ['no zone', '2026-01-31T12:00:00'],
  ['a date only', '2026-01-31'],
  ['an offset of a day', '2026-01-31T12:00:00+24:00'],
  ['a moment before the year 1', '0001-01-01T00:00:00+01:00'],
  ['a moment after the year 9999', '9999-12-31T23:59:59-01:00'],
  ['words', 'yesterday'],
])('%s is none', (_name, text) => {
  expect(msOfDateTime(text)).toBeNull();
});
