import type { JsonObject, JsonValue } from '../json.ts';
import { ownValue } from '../own-value.ts';
import type {
  ChannelFilter,
  CustomFilter,
  DateTimeFilter,
  IdFilter,
  IdSetFilter,
  NumberFilter,
  StringFilter,
} from './channel-filter.ts';
import { foldsAway, foldText } from './fold-text.ts';

/** Fields of a channel that a filter reads. */
export interface FilterableChannel {
  readonly id: string;
  readonly type: string;
  readonly memberIds: readonly string[];
  readonly createdById: string | null;
  /** ISO 8601. */
  readonly lastMessageAt: string | null;
  readonly memberCount: number;
  readonly custom: JsonObject;
}

/** Fields of the viewer that a filter reads. */
export interface FilterViewer {
  readonly unreadCount: number;
}

const said = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
/** An absent condition says nothing, so it holds. */
const holds = <T>(condition: T | null | undefined, test: (condition: T) => boolean): boolean =>
  !said(condition) || test(condition);

/** Whether the channel belongs in a list with this filter. Agrees with the SQL of the API on every input. */
export function matches(filter: ChannelFilter, channel: FilterableChannel, viewer: FilterViewer): boolean {
  return (
    holds(filter.and, (all) => all.every((part) => matches(part, channel, viewer))) &&
    holds(filter.or, (any) => any.some((part) => matches(part, channel, viewer))) &&
    holds(filter.not, (part) => !matches(part, channel, viewer)) &&
    holds(filter.id, (id) => matchesId(id, channel.id)) &&
    holds(filter.type, (type) => matchesString(type, channel.type)) &&
    holds(filter.members, (set) => matchesSet(set, channel.memberIds)) &&
    holds(filter.createdById, (id) => matchesId(id, channel.createdById)) &&
    holds(filter.lastMessageAt, (range) => matchesDateTime(range, channel.lastMessageAt)) &&
    holds(filter.memberCount, (range) => matchesNumber(range, channel.memberCount)) &&
    holds(filter.hasUnread, (expected) => viewer.unreadCount > 0 === expected) &&
    holds(filter.custom, (all) => all.every((part) => matchesCustom(part, channel.custom)))
  );
}

function matchesId(filter: IdFilter, value: string | null): boolean {
  return holds(filter.eq, (id) => value === id) && holds(filter.in, (ids) => value !== null && ids.includes(value));
}

function matchesSet(filter: IdSetFilter, values: readonly string[]): boolean {
  return (
    holds(filter.contains, (ids) => ids.every((id) => values.includes(id))) &&
    holds(filter.containsAny, (ids) => ids.some((id) => values.includes(id))) &&
    holds(filter.equals, (ids) => new Set(ids).size === values.length && ids.every((id) => values.includes(id)))
  );
}

function matchesString(filter: StringFilter, value: unknown): boolean {
  const text = typeof value === 'string' ? value : null;
  return (
    holds(filter.eq, (expected) => text === expected) &&
    holds(filter.in, (expected) => text !== null && expected.includes(text)) &&
    holds(filter.contains, (part) => text !== null && !foldsAway(part) && foldText(text).includes(foldText(part))) &&
    holds(filter.startsWith, (part) => text !== null && !foldsAway(part) && foldText(text).startsWith(foldText(part)))
  );
}

function matchesNumber(filter: NumberFilter, value: unknown): boolean {
  const number = typeof value === 'number' ? value : null;
  return (
    holds(filter.eq, (bound) => number === bound) &&
    holds(filter.gt, (bound) => number !== null && number > bound) &&
    holds(filter.gte, (bound) => number !== null && number >= bound) &&
    holds(filter.lt, (bound) => number !== null && number < bound) &&
    holds(filter.lte, (bound) => number !== null && number <= bound)
  );
}

function matchesDateTime(filter: DateTimeFilter, value: string | null): boolean {
  const ms = (text: string | null | undefined): number | null => (said(text) ? Date.parse(text) : null);
  return matchesNumber({ gt: ms(filter.gt), gte: ms(filter.gte), lt: ms(filter.lt), lte: ms(filter.lte) }, ms(value));
}

function matchesCustom(filter: CustomFilter, custom: JsonObject): boolean {
  const value = at(custom, filter.path);
  return (
    holds(filter.exists, (expected) => (value !== null) === expected) &&
    holds(filter.string, (text) => matchesString(text, value)) &&
    holds(filter.number, (number) => matchesNumber(number, value)) &&
    holds(filter.boolean, (expected) => value === expected)
  );
}

function at(custom: JsonObject, path: string): JsonValue {
  let value: JsonValue = custom;
  for (const key of path.split('.')) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    value = ownValue(value as JsonObject, key) ?? null;
  }
  return value;
}
