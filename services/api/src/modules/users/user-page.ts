import { invalidInput, type User } from '@parley/contracts';
import { userJson } from '../../domain/user-json.ts';
import { reachOf, seesPresence } from '../../domain/visibility.ts';
import { type Actor, viewerOf } from '../../platform/actor.ts';
import { badCursor, decodeCursor, encodeCursor, type Page, pageSize } from '../../platform/page.ts';
import type { Sql } from '../../platform/sql.ts';
import { userFilterSql } from './filter-sql.ts';
import type { UserFilter, UserQuery, UserSort, UserSortField } from './service.ts';
import { parseUserFilter, parseUserSort } from './user-input.ts';
import { sharingSql } from './visibility.ts';

/** Every sort key is text that orders as the value does and is never null, so a cursor is a list of texts. */
const sortKeys: Readonly<Record<UserSortField, string>> = {
  ID: 'u.user_id',
  // As people look for one another: case and accents apart. Somebody without a name is shown by the id.
  NAME: `COALESCE(NULLIF(u.name_folded, ''), parley_fold(u.user_id))`,
  LAST_ACTIVE_AT: timeKey('u.last_active_at'),
  CREATED_AT: timeKey('u.created_at'),
};

/** A missing time counts as the earliest. */
function timeKey(column: string): string {
  return `COALESCE(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'), '')`;
}

/** Users that are not deleted and whom the actor may look up, by key; the id breaks ties. One statement. @throws invalid_input */
export async function pageUsers(sql: Sql, actor: Actor, query: UserQuery): Promise<Page<User>> {
  const first = pageSize(query.first);
  const sort = query.sort ? parseUserSort(query.sort) : [];
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const filter = query.filter ? parseUserFilter(query.filter) : null;
  checkPresenceUse(actor, filter, sort);
  const appId = bind(actor.appId);
  const conditions = [`u.app_id = ${appId}`, 'u.deleted_at IS NULL'];
  const reach = reachOf(actor);
  if (reach !== 'everybody') {
    const viewer = `${bind(viewerOf(actor))}::text`;
    const shared = reach === 'shared' ? ` OR u.user_id IN (${sharingSql(appId, viewer)})` : '';
    conditions.push(`(u.user_id = ${viewer}${shared})`);
  }
  if (filter) conditions.push(userFilterSql(filter, 'u', bind));
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

/** A filter or an order would reveal what the fields do not. @throws invalid_input */
function checkPresenceUse(actor: Actor, filter: UserFilter | null, sort: readonly UserSort[]): void {
  if (seesPresence(actor)) return;
  const hidden = 'the app does not show its users when others are online; leave it out';
  if (filter !== null && asksForPresence(filter)) throw invalidInput('filter.online', hidden);
  if (sort.some(({ field }) => field === 'LAST_ACTIVE_AT')) throw invalidInput('sort', hidden);
}

/** The depth of a filter was checked before. */
const asksForPresence = ({ online, and, or }: UserFilter): boolean =>
  typeof online === 'boolean' || [...(and ?? []), ...(or ?? [])].some(asksForPresence);

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
