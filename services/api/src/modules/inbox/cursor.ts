import { badCursor, cursorParts, decodeCursor, encodeCursor } from '../../platform/page.ts';

/** The database's time, ISO 8601. Whatever changed until then less {@link overlapMs} has been told. */
export const inboxCursor = (at: string): string => encodeCursor(at);

/**
 * A change shows when its transaction commits, and bears the time at which that began. Transactions live for ten seconds at most, so going back
 * further than that misses none; what is told twice is absolute state, and harms nobody.
 */
const overlapMs = 30_000;

/** Since when changes are told to who comes back with this cursor, ISO 8601. @throws invalid_input */
export function changedSince(cursor: string): string {
  return new Date(timeOf(decodeCursor(cursor), 'after') - overlapMs).toISOString();
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
