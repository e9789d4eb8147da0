import { type IdFilter, invalidInput, limits, type StringFilter } from '@parley/contracts';
import type { UserFilter } from './service.ts';

/** Collects the values of a statement; each gives back its placeholder. */
type Bind = (value: unknown) => string;

const every = (conditions: readonly string[]) => (conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`);
const some = (conditions: readonly string[]) => (conditions.length === 0 ? 'FALSE' : `(${conditions.join(' OR ')})`);

/**
 * A condition on the row of `users` with this alias; never null. Nothing of the filter becomes part of the text.
 * @throws invalid_input for a filter that is too deep or too large
 */
export function userFilterSql(filter: UserFilter, alias: string, bind: Bind): string {
  let nodes = 0;
  const visit = (part: UserFilter, field: string, depth: number): string => {
    nodes += 1;
    if (depth > limits.filterDepth)
      throw invalidInput('filter', `a filter is nested up to ${limits.filterDepth} levels deep`, limits.filterDepth);
    if (nodes > limits.filterNodes)
      throw invalidInput('filter', `a filter holds up to ${limits.filterNodes} parts`, limits.filterNodes);
    const parts: string[] = [];
    if (part.and) parts.push(every(part.and.map((child, index) => visit(child, `${field}.and.${index}`, depth + 1))));
    if (part.or) parts.push(some(part.or.map((child, index) => visit(child, `${field}.or.${index}`, depth + 1))));
    if (part.id) parts.push(stringCondition(part.id, `${alias}.user_id`, `${field}.id`, bind));
    if (part.name) parts.push(stringCondition(part.name, `${alias}.name`, `${field}.name`, bind));
    if (part.role) parts.push(stringCondition(part.role, `${alias}.role`, `${field}.role`, bind));
    if (typeof part.online === 'boolean') parts.push(`${isOnlineSql(alias)} = ${bind(part.online)}::boolean`);
    return every(parts);
  };
  return visit(filter, 'filter', 1);
}

/** Whether the user of this row holds a lease that has not run out. */
const isOnlineSql = (alias: string) =>
  `EXISTS (SELECT 1 FROM presence_leases l WHERE l.app_id = ${alias}.app_id AND l.user_id = ${alias}.user_id AND l.expires_at > now())`;

function stringCondition(filter: StringFilter & IdFilter, value: string, field: string, bind: Bind): string {
  const parts: string[] = [];
  const add = (condition: string) => parts.push(`COALESCE(${condition}, FALSE)`);
  if (typeof filter.eq === 'string') add(`${value} = ${bind(storable(filter.eq, field))}::text`);
  if (filter.in) {
    if (filter.in.length > limits.filterValues)
      throw invalidInput(
        `${field}.in`,
        `a list in a filter holds up to ${limits.filterValues} values`,
        limits.filterValues,
      );
    add(`${value} = ANY (${bind(filter.in.map((text) => storable(text, field)))}::text[])`);
  }
  if (typeof filter.contains === 'string') add(`strpos(${value}, ${bind(storable(filter.contains, field))}::text) > 0`);
  if (typeof filter.startsWith === 'string')
    add(`starts_with(${value}, ${bind(storable(filter.startsWith, field))}::text)`);
  return every(parts);
}

function storable(text: string, field: string): string {
  if (!/[\0\p{Surrogate}]/u.test(text)) return text;
  throw invalidInput(field, 'a filter may not hold U+0000 or half of a character');
}
