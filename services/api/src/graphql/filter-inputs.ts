import { builder } from './builder.ts';

/** Conditions that filters of several modules share. */
export const IdFilterInput = builder.inputType('IdFilter', {
  fields: (t) => ({ eq: t.id(), in: t.idList() }),
});
export const IdSetFilterInput = builder.inputType('IdSetFilter', {
  fields: (t) => ({
    contains: t.idList({ description: 'All of these.' }),
    containsAny: t.idList(),
    equals: t.idList({ description: 'These and no other.' }),
  }),
});
export const StringFilterInput = builder.inputType('StringFilter', {
  fields: (t) => ({ eq: t.string(), in: t.stringList(), contains: t.string(), startsWith: t.string() }),
});
export const DateTimeFilterInput = builder.inputType('DateTimeFilter', {
  fields: (t) => ({
    gt: t.field({ type: 'DateTime' }),
    gte: t.field({ type: 'DateTime' }),
    lt: t.field({ type: 'DateTime' }),
    lte: t.field({ type: 'DateTime' }),
  }),
});
export const IntFilterInput = builder.inputType('IntFilter', {
  fields: (t) => ({ eq: t.int(), gt: t.int(), gte: t.int(), lt: t.int(), lte: t.int() }),
});
export const FloatFilterInput = builder.inputType('FloatFilter', {
  fields: (t) => ({ eq: t.float(), gt: t.float(), gte: t.float(), lt: t.float(), lte: t.float() }),
});
export const CustomFilterInput = builder.inputType('CustomFilter', {
  description: 'One field of the custom data, by path (`a.b`).',
  fields: (t) => ({
    path: t.string({ required: true }),
    exists: t.boolean(),
    string: t.field({ type: StringFilterInput }),
    number: t.field({ type: FloatFilterInput }),
    boolean: t.boolean(),
  }),
});
export const SortDirectionEnum = builder.enumType('SortDirection', { values: ['ASC', 'DESC'] as const });
