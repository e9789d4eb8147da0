import type { ChannelFilter, ChannelSort, ChannelSortField } from '@parley/contracts';
import { invalidInput, openChannelTypes } from '@parley/contracts';
import { isAllPowerful } from '../../domain/permissions.ts';
import { unreadCountSql } from '../../domain/unread-sql.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { Bind } from '../../platform/filter-conditions.ts';
import type { Page } from '../../platform/page.ts';
import { badCursor, cursorParts, encodeCursor } from '../../platform/page.ts';
import { computedOnce, fenced } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';
import { channelJson } from './channel-json.ts';
import { filterSql } from './filter-sql.ts';
import type { ChannelRecord } from './repository.ts';

/** A query for channels, checked: the filter within its limits, the sort without doubles. */
export interface ChannelPageQuery {
  readonly filter: ChannelFilter | null;
  readonly sort: readonly ChannelSort[];
  readonly first: number;
  readonly after: string | null;
}

/** Newest conversation first; a channel without messages comes after those that have some. */
export const defaultSort: readonly ChannelSort[] = [{ field: 'LAST_MESSAGE_AT', direction: 'DESC' }];

const epochMs = (column: string): string => `COALESCE((extract(epoch FROM ${column}) * 1000)::bigint, -1)`;

/** Every sort key is a whole number, so a cursor is a list of numbers and the id that breaks ties. A missing time counts as the earliest. */
const sortKeys: Readonly<Record<ChannelSortField, (viewer: string | null) => string>> = {
  LAST_MESSAGE_AT: () => epochMs('c.last_message_at'),
  CREATED_AT: () => epochMs('c.created_at'),
  UPDATED_AT: () => epochMs('c.updated_at'),
  MEMBER_COUNT: () => 'c.member_count::bigint',
  UNREAD_COUNT: (viewer) => (viewer === null ? '0::bigint' : `${unreadCountSql(viewer)}::bigint`),
};

interface Position {
  readonly keys: readonly number[];
  readonly id: string;
}

const sortName = (sort: readonly ChannelSort[]): string =>
  sort.map(({ field, direction }) => `${field} ${direction}`).join();

function positionOf(cursor: string, sort: readonly ChannelSort[]): Position {
  const [name, id, ...keys] = cursorParts(cursor);
  if (typeof id !== 'string' || keys.length !== sort.length || !keys.every((key) => Number.isSafeInteger(key)))
    throw badCursor();
  if (name !== sortName(sort))
    throw invalidInput('after', 'the cursor belongs to a list in another order; keep `sort` while paging');
  return { id, keys: keys.map(Number) };
}

/** The rows after a position: the first key that differs decides, the id when none does. */
function afterPosition(position: Position, sort: readonly ChannelSort[], bind: Bind): string {
  const keys = position.keys.map((key) => `${bind(key)}::bigint`);
  const sameUpTo = (count: number) => sort.slice(0, count).map((_, at) => `k.key${at} = ${keys[at]}`);
  const alternatives = sort.map(({ direction }, at) =>
    [...sameUpTo(at), `k.key${at} ${direction === 'ASC' ? '>' : '<'} ${keys[at]}`].join(' AND '),
  );
  alternatives.push([...sameUpTo(sort.length), `c.channel_id > ${bind(position.id)}::text`].join(' AND '));
  return `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`;
}

/** The channels that the actor may read and that the filter lets through; one statement. @throws invalid_input */
export async function pageChannels(sql: Sql, actor: Actor, query: ChannelPageQuery): Promise<Page<ChannelRecord>> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const appId = bind(actor.appId);
  const viewerId = viewerOf(actor);
  const viewer = viewerId === null ? null : 'v';
  const conditions = [`c.app_id = ${appId}`, 'c.deleted_at IS NULL'];
  if (query.filter !== null) conditions.push(filterSql(query.filter, { channel: 'c', viewer }, bind));
  if (query.after !== null) conditions.push(afterPosition(positionOf(query.after, query.sort), query.sort, bind));
  const keys = query.sort.map(({ field }, at) => `${sortKeys[field](viewer)} AS key${at}`);
  const order = [...query.sort.map(({ direction }, at) => `k.key${at} ${direction}`), 'c.channel_id ASC'];
  const viewerSql = viewerId === null ? null : bind(viewerId);
  const membership =
    viewerSql === null
      ? ''
      : `LEFT JOIN members v ON v.app_id = c.app_id AND v.channel_id = c.channel_id AND v.user_id = ${viewerSql} AND v.left_at IS NULL`;
  // Two short lists, each by its own index, instead of a look at every channel of the app.
  const readable = isAllPowerful(actor)
    ? 'channels c'
    : `(SELECT channel_id FROM members WHERE app_id = ${appId} AND user_id = ${viewerSql} AND left_at IS NULL
         UNION SELECT channel_id FROM channels WHERE app_id = ${appId} AND type = ANY(${bind(openChannelTypes)}::text[]) AND deleted_at IS NULL) readable
        JOIN channels c ON c.app_id = ${appId} AND c.channel_id = readable.channel_id`;
  // The page is cut before its JSON is made, so that only what is shown is rendered.
  const rows = await sql.query<{ channel: ChannelRecord; keys: readonly (number | string)[] }>(
    `WITH ${computedOnce(
      'page',
      `SELECT c.app_id, c.channel_id, ${query.sort.map((_, at) => `k.key${at}`).join(', ')} FROM ${readable} ${membership}
      CROSS JOIN LATERAL ${fenced(`SELECT ${keys.join(', ')}`)} k
      WHERE ${conditions.join(' AND ')} ORDER BY ${order.join(', ')} LIMIT ${bind(query.first + 1)}`,
    )}
     SELECT ${channelJson('c')} AS channel, json_build_array(${query.sort.map((_, at) => `k.key${at}`).join(', ')}) AS keys
      FROM page k JOIN channels c ON c.app_id = k.app_id AND c.channel_id = k.channel_id ORDER BY ${order.join(', ')}`,
    values,
  );
  const name = sortName(query.sort);
  return {
    edges: rows
      .slice(0, query.first)
      .map(({ channel, keys: at }) => ({ cursor: encodeCursor([name, channel.id, ...at]), node: channel })),
    hasNextPage: rows.length > query.first,
    hasPreviousPage: query.after !== null,
  };
}
