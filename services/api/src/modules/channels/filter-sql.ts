import type { ChannelFilter, CustomFilter, DateTimeFilter, IdSetFilter, NumberFilter } from '@parley/contracts';
import { hasUnreadSql } from '../../domain/unread-sql.ts';
import type { Bind } from '../../platform/filter-conditions.ts';
import { every, idCondition, known, said, some, stringCondition } from '../../platform/filter-conditions.ts';

/** Aliases of the joined rows that a condition speaks of. */
export interface FilterAliases {
  readonly channel: string;
  /** The viewer's membership, left-joined; null when there is no viewer. */
  readonly viewer: string | null;
}

const operators = [
  ['eq', '='],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
] as const;

function rangeCondition(filter: NumberFilter | DateTimeFilter, value: string, type: string, bind: Bind): string {
  const bounds: Partial<Record<(typeof operators)[number][0], unknown>> = { ...filter };
  const parts = operators.flatMap(([name, operator]) =>
    said(bounds[name]) ? [known(`${value} ${operator} ${bind(bounds[name])}::${type}`)] : [],
  );
  return every(parts);
}

function setCondition(filter: IdSetFilter, channel: string, bind: Bind): string {
  const members = `SELECT count(*) FROM members set_member WHERE set_member.app_id = ${channel}.app_id
    AND set_member.channel_id = ${channel}.channel_id AND set_member.left_at IS NULL`;
  const ofThese = (ids: readonly string[]) => `(${members} AND set_member.user_id = ANY(${bind(ids)}::text[]))`;
  const parts: string[] = [];
  if (said(filter.contains)) {
    const ids = [...new Set(filter.contains)];
    parts.push(`${ofThese(ids)} = ${bind(ids.length)}::int`);
  }
  if (said(filter.containsAny)) parts.push(`${ofThese(filter.containsAny)} > 0`);
  if (said(filter.equals)) {
    const ids = [...new Set(filter.equals)];
    const count = bind(ids.length);
    parts.push(`(${channel}.member_count = ${count}::int AND ${ofThese(ids)} = ${count}::int)`);
  }
  return every(parts);
}

const saysSomething = (filter: object | null | undefined): boolean => said(filter) && Object.values(filter).some(said);

function customCondition(filter: CustomFilter, channel: string, bind: Bind): string {
  // A placeholder that no condition mentions would have no type, and the statement would fail.
  if (!saysSomething(filter.string) && !saysSomething(filter.number) && !said(filter.exists) && !said(filter.boolean))
    return 'TRUE';
  // `->` with a text key looks into objects only; `#>` would look into arrays too.
  const value = filter.path.split('.').reduce((at, key) => `(${at} -> ${bind(key)}::text)`, `${channel}.custom`);
  const typed = (type: string, otherwise: string) =>
    `CASE WHEN jsonb_typeof(${value}) = '${type}' THEN ${otherwise} END`;
  const parts: string[] = [];
  if (said(filter.exists)) {
    const exists = known(`jsonb_typeof(${value}) <> 'null'`);
    parts.push(filter.exists ? exists : `NOT ${exists}`);
  }
  if (said(filter.string)) parts.push(stringCondition(filter.string, typed('string', `${value} #>> '{}'`), bind));
  if (said(filter.number)) {
    parts.push(rangeCondition(filter.number, typed('number', `(${value} #>> '{}')::float8`), 'float8', bind));
  }
  if (said(filter.boolean)) parts.push(known(`${value} = to_jsonb(${bind(filter.boolean)}::boolean)`));
  return every(parts);
}

/** A condition that agrees with `matches` of the contracts on every input; never null. The filter's limits were checked before. */
export function filterSql(filter: ChannelFilter, aliases: FilterAliases, bind: Bind): string {
  const { channel, viewer } = aliases;
  const parts: string[] = [];
  const add = <T>(value: T | null | undefined, condition: (value: T) => string) => {
    if (said(value)) parts.push(condition(value));
  };
  add(filter.and, (all) => every(all.map((part) => filterSql(part, aliases, bind))));
  add(filter.or, (any) => some(any.map((part) => filterSql(part, aliases, bind))));
  add(filter.not, (part) => `NOT ${filterSql(part, aliases, bind)}`);
  add(filter.id, (id) => idCondition(id, `${channel}.channel_id`, bind));
  add(filter.type, (type) => stringCondition(type, `${channel}.type`, bind));
  add(filter.members, (set) => setCondition(set, channel, bind));
  add(filter.createdById, (id) => idCondition(id, `${channel}.created_by`, bind));
  add(filter.lastMessageAt, (range) => rangeCondition(range, `${channel}.last_message_at`, 'timestamptz', bind));
  add(filter.memberCount, (range) => rangeCondition(range, `${channel}.member_count`, 'float8', bind));
  add(filter.hasUnread, (expected) => {
    const unread = viewer === null ? 'FALSE' : hasUnreadSql(viewer);
    return expected ? unread : `NOT ${unread}`;
  });
  add(filter.custom, (all) => every(all.map((part) => customCondition(part, channel, bind))));
  return every(parts);
}
