import { z } from 'zod';
import { invalidInput } from '../errors.ts';
import type {
  ChannelFilter,
  ChannelSort,
  CustomFilter,
  DateTimeFilter,
  IdFilter,
  IdSetFilter,
  NumberFilter,
  StringFilter,
} from '../filter/channel-filter.ts';
import { limits } from '../limits.ts';
import { checkFilterSize } from './filter-size.ts';
import { parseWith } from './parse-with.ts';
import { isStorableText, textUpTo } from './text.ts';

const text = textUpTo(limits.messageText);
const texts = z.array(text);
const time = z.iso.datetime({ offset: true, error: 'it must be ISO 8601, for example "2026-01-31T12:00:00.000Z"' });
const number = z.number('it must be a number');

const idFilter: z.ZodType<IdFilter> = z.strictObject({ eq: text.nullish(), in: texts.nullish() });
const idSetFilter: z.ZodType<IdSetFilter> = z.strictObject({
  contains: texts.nullish(),
  containsAny: texts.nullish(),
  equals: texts.nullish(),
});
const stringFilter: z.ZodType<StringFilter> = z.strictObject({
  eq: text.nullish(),
  in: texts.nullish(),
  contains: text.nullish(),
  startsWith: text.nullish(),
});
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
const path = z
  .string('it must be a text')
  .max(limits.customPath, `at most ${limits.customPath} characters; shorten it`)
  .regex(/^[^.]+(?:\.[^.]+)*$/, 'a path is keys joined by dots, for example "order.status"')
  .refine(isStorableText, 'it holds U+0000 or half of a surrogate pair; remove that character');

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

const sort: z.ZodType<ChannelSort[]> = z
  .array(
    z.strictObject({
      field: z.enum(['LAST_MESSAGE_AT', 'CREATED_AT', 'UPDATED_AT', 'MEMBER_COUNT', 'UNREAD_COUNT']),
      direction: z.enum(['ASC', 'DESC']),
    }),
  )
  .max(limits.sorts, `at most ${limits.sorts} fields; leave out the last ones`);

/** A filter whose size is bounded: see {@link checkFilterSize}. @throws invalid_input naming the field and the limit */
export function parseChannelFilter(value: unknown, field = 'filter'): ChannelFilter {
  checkFilterSize(value, field);
  return parseWith(filter, value, field);
}

/** @throws invalid_input: over `limits.sorts`, or the same field twice */
export function parseChannelSort(value: unknown, field = 'sort'): ChannelSort[] {
  const sorts = parseWith(sort, value, field);
  const twice = sorts.find((one, index) => sorts.findIndex((other) => other.field === one.field) < index);
  if (twice !== undefined) throw invalidInput(field, `it names ${twice.field} twice; name each field once`);
  return sorts;
}
