import {
  type ChannelFilter,
  type ChannelSort,
  type CustomFilter,
  type DateTimeFilter,
  type IdFilter,
  type IdSetFilter,
  limits,
  type NumberFilter,
  type StringFilter,
} from '@parley/contracts';
import { z } from 'zod';
import { checkFilterSize } from './filter-size.ts';
import { parseWith } from './parse-with.ts';
import { sortBy } from './sort.ts';
import { isStorableText, unitsUpTo } from './text.ts';

const text = unitsUpTo(limits.messageText);
const texts = z.array(text);
const time = z.iso.datetime({ offset: true, error: 'it must be ISO 8601, for example "2026-01-31T12:00:00.000Z"' });
const number = z.number('it must be a number');

const unstorable = 'it holds U+0000 or half of a surrogate pair; remove that character';
const holdsStorable = (condition: object): boolean =>
  Object.values(condition)
    .flat()
    .every((value) => typeof value !== 'string' || isStorableText(value));

export const idFilter: z.ZodType<IdFilter> = z
  .strictObject({ eq: text.nullish(), in: texts.nullish() })
  .refine(holdsStorable, unstorable);
const idSetFilter: z.ZodType<IdSetFilter> = z
  .strictObject({ contains: texts.nullish(), containsAny: texts.nullish(), equals: texts.nullish() })
  .refine(holdsStorable, unstorable);
export const stringFilter: z.ZodType<StringFilter> = z
  .strictObject({ eq: text.nullish(), in: texts.nullish(), contains: text.nullish(), startsWith: text.nullish() })
  .refine(holdsStorable, unstorable);
const dateTimeFilter: z.ZodType<DateTimeFilter> = z.strictObject({
  gt: time.nullish(),
  gte: time.nullish(),
  lt: time.nullish(),
  lte: time.nullish(),
});
const numberFilter: z.ZodType<NumberFilter> = z.strictObject({
  eq: number.nullish(),
  gt: number.nullish(),
  gte: number.nullish(),
  lt: number.nullish(),
  lte: number.nullish(),
});

/** A part of a path is a key of an object, so it is not empty. */
const path = unitsUpTo(limits.customPath)
  .regex(/^[^.]+(?:\.[^.]+)*$/, 'a path is keys joined by dots, for example "order.status"')
  .refine(isStorableText, unstorable);

const customFilter: z.ZodType<CustomFilter> = z.strictObject({
  path,
  exists: z.boolean().nullish(),
  string: stringFilter.nullish(),
  number: numberFilter.nullish(),
  boolean: z.boolean().nullish(),
});

const filter: z.ZodType<ChannelFilter> = z.strictObject({
  and: z.array(z.lazy(() => filter)).nullish(),
  or: z.array(z.lazy(() => filter)).nullish(),
  not: z.lazy(() => filter).nullish(),
  id: idFilter.nullish(),
  type: stringFilter.nullish(),
  members: idSetFilter.nullish(),
  createdById: idFilter.nullish(),
  lastMessageAt: dateTimeFilter.nullish(),
  memberCount: numberFilter.nullish(),
  hasUnread: z.boolean().nullish(),
  custom: z.array(customFilter).nullish(),
});

const sort: z.ZodType<ChannelSort[]> = sortBy([
  'LAST_MESSAGE_AT',
  'CREATED_AT',
  'UPDATED_AT',
  'MEMBER_COUNT',
  'UNREAD_COUNT',
]);

/** A filter whose size, depth and lists are bounded. @throws invalid_input naming the field and the limit */
export function parseFilter<T>(schema: z.ZodType<T>, value: unknown, field = 'filter'): T {
  checkFilterSize(value, field);
  return parseWith(schema, value, field);
}

/** @throws invalid_input naming the field and the limit */
export const parseChannelFilter = (value: unknown, field = 'filter'): ChannelFilter =>
  parseFilter(filter, value, field);

/** @throws invalid_input: over `limits.sorts`, or the same field twice */
export const parseChannelSort = (value: unknown, field = 'sort'): ChannelSort[] => parseWith(sort, value, field);
