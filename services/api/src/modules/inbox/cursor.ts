import { badCursor, cursorParts, decodeCursor, encodeCursor } from '../../platform/page.ts';

/** `at`: the database's time, ISO 8601. All changes until then less {@link overlapMs} have been sent, in this epoch of the log. */
export const inboxCursor = (at: string, epoch: string): string => encodeCursor([at, epoch]);

/**
 * A change shows when its transaction commits, and bears the time at which that began. Transactions live for ten seconds at most, so going back
 * further than that misses none; a change sent twice is absolute state, and harms nobody.
 */
const overlapMs = 30_000;

/**
 * The time since which changes are sent to a client that returns with this cursor, ISO 8601: the beginning, when the cursor is of another epoch. A
 * cursor that was given before there were epochs says none. @throws invalid_input
 */
export function changedSince(cursor: string, epoch: string): string {
  const given = decodeCursor(cursor);
  const parts: readonly unknown[] = Array.isArray(given) ? given : [given];
  const [at, itsEpoch = epoch] = parts;
  const since = timeOf(at, 'after') - overlapMs;
  return new Date(itsEpoch === epoch ? since : 0).toISOString();
}

/** Where an answer of several pages goes on. */
export interface InboxPosition {
  readonly since: string;
  /** When the first page was read: the cursor of the last. */
  readonly startedAt: string;
  readonly afterChannelId: string;
}

export const encodePosition = ({ since, startedAt, afterChannelId }: InboxPosition): string =>
  encodeCursor([since, startedAt, afterChannelId]);

/** @throws invalid_input */
export function decodePosition(page: string): InboxPosition {
  const [since, startedAt, afterChannelId] = cursorParts(page, 'page');
  if (typeof afterChannelId !== 'string') throw badCursor('page');
  const iso = (time: unknown) => new Date(timeOf(time, 'page')).toISOString();
  return { since: iso(since), startedAt: iso(startedAt), afterChannelId };
}

function timeOf(value: unknown, field: string): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  // Years of four digits, which is all that the database's own times have.
  if (Number.isNaN(ms) || ms < 0 || ms > 253_402_300_799_999) throw badCursor(field);
  return ms;
}
