import { ParleyError } from '@parley/contracts';
import type { BulkKey, BulkRows, BulkWork } from './bulk-work.ts';
import {
  type ChannelDraft,
  createChannelDraft,
  type LockedRow,
  lockedColumns,
  noSuchChannel,
} from './channel-draft.ts';
import { draftsStatement } from './channel-flush.ts';
import type { Db } from './db.ts';
import type { EventBatch } from './event-batch.ts';
import type { Sql } from './sql.ts';

type AnyWork = BulkWork<unknown, unknown>;

/** A work with the channel that it is for. */
export interface BulkItem {
  readonly appId: string;
  readonly channelId: string;
  readonly work: AnyWork;
}

/** What became of a work: its answer, its own fault, or that it has to be run by itself, with `otherwise`. Nothing of the last two was written. */
export type BulkOutcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly fault: unknown }
  | { readonly kind: 'alone' };

export interface BulkResult<Item extends BulkItem> {
  readonly outcomes: readonly { readonly item: Item; readonly outcome: BulkOutcome }[];
  /** Items of channels that were passed over: somebody else holds their rows, or they are not there. */
  readonly passed: readonly Item[];
  readonly batches: readonly EventBatch[];
}

/** What to do about a channel whose row somebody else holds: pass it over, or wait. Only a transaction of one channel may wait. */
export type WhenLocked = 'pass' | 'wait';

const alone: BulkOutcome = { kind: 'alone' };
const placeOf = ({ appId, channelId }: { readonly appId: string; readonly channelId: string }) =>
  `${appId}/${channelId}`;

/**
 * Runs works of several channels in one transaction of two round trips. With several it waits for no row of a channel, so no two of these can wait
 * for each other. Works of one channel are run in their order.
 * @throws unavailable (nothing was written), timeout (the outcome is unknown)
 */
export async function commitBulk<Item extends BulkItem>(
  db: Db,
  items: readonly Item[],
  locked: WhenLocked,
): Promise<BulkResult<Item>> {
  try {
    return await db.shortTransaction((sql) => prepared(sql, items, locked));
  } catch (fault) {
    if (fault instanceof ParleyError && !isForeignFault(fault)) throw fault;
    // One of them does what the database refuses, and only by itself can it be told which.
    return { outcomes: items.map((item) => ({ item, outcome: alone })), passed: [], batches: [] };
  }
}

/** A transaction that lost against another is nobody's fault, but says nothing of the database's being away. */
function isForeignFault({ cause }: ParleyError): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('40');
}

async function prepared<Item extends BulkItem>(sql: Sql, items: readonly Item[], locked: WhenLocked) {
  const [drafts, taken] = await Promise.all([lockChannels(sql, items, locked), takenKeys(sql, items)]);
  const rows = new Map<BulkRows<unknown>, unknown[]>();
  const outcomes: { item: Item; outcome: BulkOutcome }[] = [];
  const passed: Item[] = [];
  for (const item of items) {
    const draft = drafts.get(placeOf(item));
    if (draft === undefined && locked === 'pass') passed.push(item);
    else if (draft === undefined)
      outcomes.push({ item, outcome: { kind: 'failed', fault: noSuchChannel(item.channelId) } });
    else outcomes.push({ item, outcome: run(item, draft, taken, rows) });
  }
  const changed = [...drafts.values()].filter(
    ({ events, patched }) => events.length > 0 || Object.keys(patched).length > 0,
  );
  const last = [...rows].map(([kind, all]) => kind.insert(all));
  if (changed.length > 0) last.push(draftsStatement(changed));
  const batches = changed
    .filter(({ events }) => events.length > 0)
    .map(({ channel, events, texts }) => ({
      appId: channel.appId,
      channelId: channel.channelId,
      events,
      payloads: texts.map(({ published }) => published),
    }));
  return { value: { outcomes, passed, batches }, last };
}

/** The keys that no work of this transaction can have, one set for each kind; a work that takes one adds it. */
type Taken = ReadonlyMap<BulkRows<unknown>, Set<string>>;
const nameOf = ({ appId, key }: BulkKey) => `${appId}/${key}`;

function run(item: BulkItem, draft: ChannelDraft, taken: Taken, rows: Map<BulkRows<unknown>, unknown[]>): BulkOutcome {
  const { work } = item;
  const keys = taken.get(work.rows);
  const name = nameOf({ appId: item.appId, key: work.key });
  if (keys?.has(name)) return alone;
  const undo = draft.mark();
  try {
    const { row, value } = work.write({
      at: draft.at,
      channel: draft.channel,
      nextSeq: draft.channel.seq + 1,
      append: draft.append,
      patch: draft.patch,
    });
    const inserted = rows.get(work.rows) ?? [];
    rows.set(work.rows, inserted);
    inserted.push(row);
    keys?.add(name);
    return { kind: 'done', value };
  } catch (fault) {
    undo();
    return { kind: 'failed', fault };
  }
}

async function lockChannels(
  sql: Sql,
  items: readonly BulkItem[],
  locked: WhenLocked,
): Promise<Map<string, ChannelDraft>> {
  const places = new Map(items.map((item) => [placeOf(item), item]));
  const rows = await sql.query<LockedRow>(
    `-- ${locked === 'pass' ? 'lock-free-channels' : 'lock-channel'}
     SELECT ${lockedColumns('c')} FROM unnest($1::text[], $2::text[]) AS k (app_id, channel_id)
       JOIN channels c ON c.app_id = k.app_id AND c.channel_id = k.channel_id AND c.deleted_at IS NULL FOR UPDATE OF c ${locked === 'pass' ? 'SKIP LOCKED' : ''}`,
    [[...places.values()].map(({ appId }) => appId), [...places.values()].map(({ channelId }) => channelId)],
  );
  return new Map(rows.map((row) => [placeOf(row), createChannelDraft(row)]));
}

async function takenKeys(sql: Sql, items: readonly BulkItem[]): Promise<Taken> {
  const kinds = new Map<BulkRows<unknown>, BulkKey[]>();
  for (const { appId, work } of items)
    kinds.set(work.rows, [...(kinds.get(work.rows) ?? []), { appId, key: work.key }]);
  const answers = [...kinds].map(async ([kind, keys]) => {
    const { text, params } = kind.taken(keys);
    return [kind, new Set((await sql.query<BulkKey>(text, params)).map(nameOf))] as const;
  });
  return new Map(await Promise.all(answers));
}
