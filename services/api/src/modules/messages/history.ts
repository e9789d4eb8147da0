import type { Message } from '@parley/contracts';
import { invalidInput } from '@parley/contracts';
import type { Page } from '../../platform/page.ts';
import { badCursor, decodeCursor, encodeCursor, pageSize } from '../../platform/page.ts';
import type { Sql } from '../../platform/sql.ts';
import { messageJson } from './message-json.ts';

/** Which part of a history is asked for; by default the newest 25. Always given from old to new. */
export interface HistoryQuery {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  /** Id of a message: the page is cut around it. */
  readonly around?: string | null | undefined;
  /** Position in the log: the page is cut around the first message from there on. */
  readonly aroundSeq?: number | null | undefined;
}

/** A history: the timeline of a channel, or the replies below a message. */
export type Thread = 'timeline' | 'replies';

/** The part of a history between two positions, both exclusive. */
export interface PageRange {
  readonly after: number | null;
  readonly before: number | null;
  readonly count: number;
  /** Cut from the old end or from the new one. */
  readonly from: 'start' | 'end';
}

const position = (cursor: string | null | undefined, field: string): number | null => {
  if (cursor === null || cursor === undefined) return null;
  const seq = decodeCursor(cursor, field);
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) throw badCursor(field);
  return seq;
};

/** @throws invalid_input */
export function pageRangeOf(query: HistoryQuery): PageRange {
  const { first, last } = query;
  if (typeof first === 'number' && typeof last === 'number')
    throw invalidInput('last', 'ask for `first` or for `last`, not for both');
  if (query.around && (query.after || query.before))
    throw invalidInput('around', 'leave out `after` and `before` when you give `around`');
  if (typeof query.aroundSeq === 'number' && (query.around || query.after || query.before))
    throw invalidInput('aroundSeq', 'leave out `around`, `after` and `before` when you give `aroundSeq`');
  const fromStart = typeof first === 'number' || (typeof last !== 'number' && Boolean(query.after));
  return {
    after: position(query.after, 'after'),
    before: position(query.before, 'before'),
    count: fromStart ? pageSize(first, 'first') : pageSize(last, 'last'),
    from: fromStart ? 'start' : 'end',
  };
}

const conditions: Readonly<Record<Thread, string>> = {
  timeline: 'channel_id = wanted.id AND (parent_id IS NULL OR show_in_channel)',
  // The root of an id that a hard delete set free may be of another channel by now.
  replies: `parent_id = wanted.id::uuid AND parent_id IS NOT NULL AND (channel_id, true) = (
    SELECT root.channel_id, root.seq < messages.seq FROM messages root WHERE root.app_id = $1 AND root.message_id = wanted.id::uuid)`,
};

/** The range of each history, one row more than asked for, from old to new; one statement. `ids`: of channels or of thread roots. */
async function load(
  sql: Sql,
  appId: string,
  thread: Thread,
  ids: readonly string[],
  range: PageRange,
): Promise<Map<string, Message[]>> {
  const rows = await sql.query<{ id: string; message: Message }>(
    `SELECT wanted.id, ${messageJson('m')} AS message FROM unnest($2::text[]) wanted(id) CROSS JOIN LATERAL (
        SELECT * FROM messages WHERE app_id = $1 AND ${conditions[thread]}
          AND seq > COALESCE($3::bigint, -1) AND seq < COALESCE($4::bigint, 9223372036854775807)
        ORDER BY seq ${range.from === 'start' ? 'ASC' : 'DESC'} LIMIT $5) m
      ORDER BY wanted.id, m.seq`,
    [appId, ids, range.after, range.before, range.count + 1],
  );
  const histories = new Map<string, Message[]>(ids.map((id) => [id, []]));
  for (const { id, message } of rows) histories.get(id)?.push(message);
  return histories;
}

const edge = (node: Message) => ({ cursor: encodeCursor(node.seq), node });

function pageOf(messages: readonly Message[], { count, from, after, before }: PageRange): Page<Message> {
  const more = messages.length > count;
  const cut = from === 'start' ? messages.slice(0, count) : messages.slice(-count);
  return {
    edges: cut.map(edge),
    hasNextPage: from === 'start' ? more : before !== null,
    hasPreviousPage: from === 'end' ? more : after !== null,
  };
}

/** A page of each history, in one statement. */
export async function historyPages(
  sql: Sql,
  appId: string,
  thread: Thread,
  ids: readonly string[],
  range: PageRange,
): Promise<Map<string, Page<Message>>> {
  const found = await load(sql, appId, thread, ids, range);
  return new Map([...found].map(([id, messages]) => [id, pageOf(messages, range)]));
}

/** The page of each history with `seq` in its middle, as far as the ends of the history allow; two statements. */
export async function historiesAround(
  sql: Sql,
  appId: string,
  thread: Thread,
  ids: readonly string[],
  { seq, count }: { readonly seq: number; readonly count: number },
): Promise<Map<string, Page<Message>>> {
  const [older, newer] = await Promise.all([
    load(sql, appId, thread, ids, { after: null, before: seq, count, from: 'end' }),
    load(sql, appId, thread, ids, { after: seq - 1, before: null, count, from: 'start' }),
  ]);
  return new Map(ids.map((id) => [id, pageAround(older.get(id) ?? [], newer.get(id) ?? [], count)]));
}

function pageAround(before: readonly Message[], onward: readonly Message[], count: number): Page<Message> {
  const half = Math.floor(count / 2);
  const olderShown = Math.min(before.length, Math.max(half, count - onward.length));
  const newerShown = Math.min(onward.length, count - olderShown);
  return {
    edges: [...before.slice(before.length - olderShown), ...onward.slice(0, newerShown)].map(edge),
    hasNextPage: onward.length > newerShown,
    hasPreviousPage: before.length > olderShown,
  };
}
