import { ParleyError } from '@parley/contracts';
import type { ChannelCommand, ChannelTransaction, CommandForm, InsertedRows, RowKey } from './channel-command.ts';
import {
  type ChannelDraft,
  createChannelDraft,
  type LockedRow,
  lockedColumns,
  noSuchChannel,
} from './channel-draft.ts';
import { isConnectionFault } from './database-fault.ts';
import type { Db } from './db.ts';
import type { EventBatch } from './event-batch.ts';
import type { Sql, Statement } from './sql.ts';
import { isChanged, writeStatement } from './write-statement.ts';

/** A command with the channel that it is for. Rows go from the command to its own kind of rows, which know their type. */
export interface BatchItem {
  readonly appId: string;
  readonly channelId: string;
  readonly command: ChannelCommand<unknown, never>;
}

/** Commands of one transaction. `whenLocked`: to pass over a channel whose row somebody else holds, or to wait for it, which only a batch of one channel may. */
export interface WriteBatch<Item extends BatchItem> {
  readonly items: readonly Item[];
  /** Of all of them; `alone` has one item. */
  readonly form: CommandForm;
  readonly whenLocked: 'pass' | 'wait';
}

/** What became of a command. Nothing was written of one that failed, goes again in another form, or was passed over. */
export type CommandOutcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'again'; readonly form: CommandForm }
  | { readonly kind: 'passed' };

export interface WrittenBatch {
  /** In the order of the items. */
  readonly outcomes: readonly CommandOutcome[];
  readonly batches: readonly EventBatch[];
}

const placeOf = ({ appId, channelId }: { readonly appId: string; readonly channelId: string }) =>
  `${appId}/${channelId}`;

/** A command failed after it had written, beside others: only a rollback undoes it. `failed`: the command that is surely to blame, with its error. */
class NeedsRollback extends Error {
  readonly failed: { readonly item: BatchItem; readonly error: unknown } | undefined;

  constructor(failed?: { readonly item: BatchItem; readonly error: unknown }) {
    super('a command needs a rollback');
    this.failed = failed;
  }
}

/**
 * Carries out commands in one transaction that begins with the locks and ends with the one statement that writes the log. Commands of one channel run in
 * their order. A batch of several channels waits for no row, so no two of them can wait for each other.
 * @throws unavailable (nothing was written), timeout (the outcome is unknown); of an item that is alone, its own error
 */
export async function writeBatch<Item extends BatchItem>(db: Db, batch: WriteBatch<Item>): Promise<WrittenBatch> {
  const { items, form } = batch;
  try {
    return await inTransaction(db, items, (sql) => carryOut(sql, batch));
  } catch (error) {
    const alone = items.length === 1 && form !== 'insert';
    if (alone || (error instanceof ParleyError && !lostAgainstAnother(error))) throw error;
    const failed = error instanceof NeedsRollback ? error.failed : undefined;
    // The database refuses one of them, and unless it is known, only runs by themselves show which.
    const again: CommandOutcome = {
      kind: 'again',
      form: form === 'insert' || failed !== undefined ? 'statements' : 'alone',
    };
    const outcomes = items.map(
      (item): CommandOutcome => (item === failed?.item ? { kind: 'failed', error: failed.error } : again),
    );
    return { outcomes, batches: [] };
  }
}

/** Whether the server cannot be reached. A row that others hold, or a statement that took too long, keeps one command waiting and no other. */
const databaseIsAway = (error: unknown): boolean => error instanceof ParleyError && isConnectionFault(error.cause);

/** A transaction that lost against another is nobody's fault, but says nothing of the database's being away. */
function lostAgainstAnother({ cause }: ParleyError): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('40');
}

type CarriedOut = { readonly value: WrittenBatch; readonly last: readonly Statement[] };

/** BEGIN travels with the first statements unless something has to be there before them, and COMMIT with the last. */
function inTransaction(
  db: Db,
  [first]: readonly BatchItem[],
  work: (sql: Sql) => Promise<CarriedOut>,
): Promise<WrittenBatch> {
  const prepare = first?.command.prepare;
  if (prepare === undefined) return db.shortTransaction(work);
  return db.transaction(async (sql) => {
    await prepare(sql);
    const { value, last } = await work(sql);
    for (const { text, params } of last) await sql.query(text, params);
    return value;
  });
}

async function carryOut<Item extends BatchItem>(
  sql: Sql,
  { items, form, whenLocked }: WriteBatch<Item>,
): Promise<CarriedOut> {
  const keyed = form === 'insert' ? items : [];
  const [drafts, taken] = await Promise.all([lockChannels(sql, items, whenLocked), takenKeys(sql, keyed)]);
  const rows = new Map<InsertedRows<never>, never[]>();
  const outcomes: CommandOutcome[] = [];
  for (const item of items) {
    const draft = drafts.get(placeOf(item));
    if (draft === undefined) outcomes.push(absent(item, whenLocked));
    else if (form === 'insert') outcomes.push(insertRow(item, draft, taken, rows));
    else outcomes.push(await runStatements(sql, item, draft, items.length === 1));
  }
  const changed = [...drafts.values()].filter(isChanged);
  const last = [...rows].map(([kind, all]) => kind.insert(all));
  if (changed.length > 0) last.push(writeStatement(changed));
  return { value: { outcomes, batches: changed.filter(({ events }) => events.length > 0).map(batchOf) }, last };
}

const absent = ({ channelId }: BatchItem, whenLocked: 'pass' | 'wait'): CommandOutcome =>
  whenLocked === 'pass' ? { kind: 'passed' } : { kind: 'failed', error: noSuchChannel(channelId) };

const batchOf = ({ channel: { appId, channelId }, events, texts }: ChannelDraft): EventBatch => ({
  appId,
  channelId,
  events,
  payloads: texts.map(({ published }) => published),
});

/** The keys that no command of this transaction can have, one set for each kind; a command that takes one adds it. */
type Taken = ReadonlyMap<InsertedRows<never>, Set<string>>;
const nameOf = ({ appId, key }: RowKey) => `${appId}/${key}`;

function insertRow(
  { appId, command: { insert } }: BatchItem,
  draft: ChannelDraft,
  taken: Taken,
  rows: Map<InsertedRows<never>, never[]>,
): CommandOutcome {
  const keys = insert && taken.get(insert.rows);
  const name = insert && nameOf({ appId, key: insert.key });
  if (insert === undefined || name === undefined || keys?.has(name)) return { kind: 'again', form: 'statements' };
  const restore = draft.mark();
  try {
    const { row, value } = insert.write({
      at: draft.at,
      channel: draft.channel,
      nextSeq: draft.channel.seq + 1,
      append: draft.append,
      patch: draft.patch,
    });
    const inserted = rows.get(insert.rows) ?? [];
    rows.set(insert.rows, inserted);
    inserted.push(row);
    keys?.add(name);
    return { kind: 'done', value };
  } catch (error) {
    restore();
    return { kind: 'failed', error };
  }
}

/** A command that throws before its first statement leaves nothing, and the transaction goes on. @throws NeedsRollback, unavailable, and for the only one its own error */
async function runStatements(sql: Sql, item: BatchItem, draft: ChannelDraft, only: boolean): Promise<CommandOutcome> {
  const { channelId, command } = item;
  if (draft.patched.deletedAt !== undefined) return { kind: 'failed', error: noSuchChannel(channelId) };
  const restore = draft.mark();
  let needsRollback = false;
  const tx: ChannelTransaction = {
    sql: {
      query: (text, params) => {
        needsRollback = true;
        return sql.query(text, params);
      },
    },
    at: draft.at,
    get channel() {
      return draft.channel;
    },
    get nextSeq() {
      return draft.channel.seq + 1;
    },
    append: draft.append,
    patch: draft.patch,
  };
  try {
    return { kind: 'done', value: await command.run(tx) };
  } catch (error) {
    // With the database gone, running each alone would only make every caller wait longer for the same answer.
    if (only || databaseIsAway(error)) throw error;
    // What made it wait made it wait long enough: it does not wait once more before the others go on.
    const waited = error instanceof ParleyError && error.code === 'unavailable';
    if (needsRollback) throw new NeedsRollback(waited ? { item, error } : undefined);
    restore();
    return { kind: 'failed', error };
  }
}

async function lockChannels(
  sql: Sql,
  items: readonly BatchItem[],
  whenLocked: 'pass' | 'wait',
): Promise<Map<string, ChannelDraft>> {
  const places = new Map(items.map((item) => [placeOf(item), item]));
  const rows = await sql.query<LockedRow>(
    `-- ${whenLocked === 'pass' ? 'lock-free-channels' : 'lock-channel'}
     SELECT ${lockedColumns('c')} FROM unnest($1::text[], $2::text[]) AS k (app_id, channel_id)
       JOIN channels c ON c.app_id = k.app_id AND c.channel_id = k.channel_id AND c.deleted_at IS NULL FOR UPDATE OF c ${whenLocked === 'pass' ? 'SKIP LOCKED' : ''}`,
    [[...places.values()].map(({ appId }) => appId), [...places.values()].map(({ channelId }) => channelId)],
  );
  return new Map(rows.map((row) => [placeOf(row), createChannelDraft(row)]));
}

async function takenKeys(sql: Sql, items: readonly BatchItem[]): Promise<Taken> {
  const kinds = new Map<InsertedRows<never>, RowKey[]>();
  for (const { appId, command } of items) {
    if (command.insert === undefined) continue;
    const { rows, key } = command.insert;
    const keys = kinds.get(rows) ?? [];
    kinds.set(rows, keys);
    keys.push({ appId, key });
  }
  const answers = [...kinds].map(async ([kind, keys]) => {
    const { text, params } = kind.taken(keys);
    return [kind, new Set((await sql.query<RowKey>(text, params)).map(nameOf))] as const;
  });
  return new Map(await Promise.all(answers));
}
