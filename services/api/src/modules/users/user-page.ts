import { invalidInput, type User } from '@parley/contracts';
import { badCursor, decodeCursor, encodeCursor, type Page, pageSize } from '../../platform/page.ts';
import type { Sql } from '../../platform/sql.ts';
import { userFilterSql } from './filter-sql.ts';
import type { UserQuery, UserSort, UserSortField } from './service.ts';
import { parseUserFilter, parseUserSort } from './user-input.ts';
import { userJson } from './user-json.ts';

/** Every sort key is text that orders as the value does and is never null, so a cursor is a list of texts. */
const sortKeys: Readonly<Record<UserSortField, string>> = {
  ID: 'u.user_id',
  NAME: `COALESCE(u.name, '')`,
  LAST_ACTIVE_AT: timeKey('u.last_active_at'),
  CREATED_AT: timeKey('u.created_at'),
};

/** A missing time counts as the earliest. */
function timeKey(column: string): string {
  return `COALESCE(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'), '')`;
}

/** Users that are not deleted, by key; the id breaks ties. One statement. @throws invalid_input */
export async function pageUsers(sql: Sql, appId: string, query: UserQuery): Promise<Page<User>> {
  const first = pageSize(query.first);
  const sort = query.sort ? parseUserSort(query.sort) : [];
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [`u.app_id = ${bind(appId)}`, 'u.deleted_at IS NULL'];
  if (query.filter) conditions.push(userFilterSql(parseUserFilter(query.filter), 'u', bind));
  const keys = [...sort, { field: 'ID', direction: 'ASC' } as const].map(({ field, direction }) => ({
    key: `(${sortKeys[field]}) COLLATE "C"`,
    direction,
  }));
  if (query.after) {
    const position = positionOf(query.after, nameOf(sort), keys.length).map((value) => `${bind(value)}::text`);
    const after = keys.map(({ key, direction }, at) =>
      [
        ...keys.slice(0, at).map((earlier, index) => `${earlier.key} = ${position[index]}`),
        `${key} ${direction === 'ASC' ? '>' : '<'} ${position[at]}`,
      ].join(' AND '),
    );
    conditions.push(`(${after.map((way) => `(${way})`).join(' OR ')})`);
  }
  const rows = await sql.query<{ user: User; keys: string[] }>(
    `SELECT ${userJson('u')} AS user, json_build_array(${keys.map(({ key }) => key).join(', ')}) AS keys FROM users u
      WHERE ${conditions.join(' AND ')} ORDER BY ${keys.map(({ key, direction }) => `${key} ${direction}`).join(', ')}
      LIMIT ${bind(first + 1)}`,
    values,
  );
  return {
    edges: rows.slice(0, first).map((row) => ({ cursor: encodeCursor([nameOf(sort), ...row.keys]), node: row.user })),
    hasNextPage: rows.length > first,
    hasPreviousPage: Boolean(query.after),
  };
}

const nameOf = (sort: readonly UserSort[]) => sort.map(({ field, direction }) => `${field} ${direction}`).join();

function positionOf(cursor: string, name: string, count: number): string[] {
  const parts = decodeCursor(cursor);
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) throw badCursor();
  const [sortName, ...position] = parts;
  if (sortName !== name)
    throw invalidInput('after', 'the cursor belongs to a list in another order; keep `sort` while paging');
  if (position.length !== count) throw badCursor();
  return position;
}
