import { invalidInput, limits } from '@parley/contracts';
import { parseJson } from '@parley/service-kit';

/** A page of a list that goes forward by key; a connection of the schema is made of it. */
export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The size asked for, or the default. @throws invalid_input */
export function pageSize(size: number | null | undefined, field = 'first'): number {
  if (size === null || size === undefined) return limits.pageSizeDefault;
  if (Number.isInteger(size) && size >= 1 && size <= limits.pageSize) return size;
  throw invalidInput(field, `a page holds 1 to ${limits.pageSize}`, limits.pageSize);
}

/** Cursors are opaque, so that nobody builds on what is in them. */
export const encodeCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A cursor is a value, or a list of them. */
const cursorDepth = 2;

/** What {@link encodeCursor} was given, without U+0000; the caller checks its shape. @throws invalid_input */
export function decodeCursor(cursor: string, field = 'after'): unknown {
  try {
    return parseJson(Buffer.from(cursor, 'base64url').toString('utf8'), cursorDepth);
  } catch {
    throw badCursor(field);
  }
}

/** The same for a cursor that holds a list. @throws invalid_input */
export function cursorParts(cursor: string, field = 'after'): readonly unknown[] {
  const parts = decodeCursor(cursor, field);
  if (Array.isArray(parts)) return parts;
  throw badCursor(field);
}

/** A cursor that is none of ours. */
export const badCursor = (field = 'after') =>
  invalidInput(field, 'a cursor is one that an earlier answer gave, unchanged');
