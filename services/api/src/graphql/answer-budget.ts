import { limits, ParleyError } from '@parley/contracts';
import type { GraphQLResolveInfo } from 'graphql';
import type { RowBudget, RowMeter } from '../platform/row-meter.ts';
import type { LoopTurns } from './loop-turns.ts';

/** What the answer to one operation takes, counted while it is made. */
export interface AnswerBudget {
  /** Counts a field, before it is resolved. @throws query_too_complex */
  field(info: GraphQLResolveInfo): void;
  /** Counts what a field holds. */
  value(value: unknown): void;
  /** Reads one list after the other, and counts its rows while they arrive. @throws query_too_complex, and what `work` throws */
  inTurn<T>(work: () => T | Promise<T>): Promise<T>;
  /** The items, given in slices when there are many, so that making the answer never holds the event loop for long. */
  sliced<T>(items: readonly T[]): readonly T[] | readonly Promise<T>[];
  /** As counted until now. */
  readonly bytes: number;
  readonly rows: { readonly bytes: number; readonly ms: number };
  /** What everything after it is refused with, once a limit was broken. */
  readonly fault: ParleyError | null;
}

export interface AnswerBudgetDependencies {
  /** Bytes of the answer. */
  readonly limit: number;
  readonly turns: LoopTurns;
  readonly meter: Pick<RowMeter, 'within'>;
}

/** What is made in one turn of the event loop, in fields: some five milliseconds. So many bytes are worth one field. */
const fieldsInTurn = 2_000;
const bytesOfField = 128;
/** Fewer items are not worth a turn: what one may hold is bounded by the cost of the document. */
const fewItems = 10;
/** A field takes this beside its name and its value: quotes, a colon, a comma and a number. */
const fieldBytes = 8;
/** A shorter text is taken for plain; in a longer one what JSON escapes is counted. */
const shortText = 64;

export function createAnswerBudget({ limit, turns, meter }: AnswerBudgetDependencies): AnswerBudget {
  let bytes = 0;
  let rowBytes = 0;
  let rowMs = 0;
  let made = 0;
  let fault: ParleyError | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const add = (more: number) => {
    bytes += more;
    made += more / bytesOfField;
    if (bytes > limit) fault ??= tooLarge(limit);
  };
  const check = () => {
    if (fault !== null) throw fault;
  };
  const rows: RowBudget = {
    take(characters) {
      rowBytes += characters;
      if (rowBytes > limits.answerRowsBytes) fault ??= tooLarge(limits.answerRowsBytes);
      return fault === null;
    },
    spend(ms) {
      rowMs += ms;
    },
    check,
  };

  /** Each item is given when those before it were shown, which happens in the microtask that its own promise starts. */
  async function giveInSlices<T>(items: readonly T[], give: readonly ((item: T) => void)[]): Promise<void> {
    for (const [index, item] of items.entries()) {
      if (made > fieldsInTurn) {
        await turns.next();
        made = 0;
      }
      give[index]?.(item);
      await Promise.resolve();
    }
  }

  function slices<T>(items: readonly T[]): readonly Promise<T>[] {
    const given = items.map(() => Promise.withResolvers<T>());
    void giveInSlices(
      items,
      given.map(({ resolve }) => resolve),
    );
    return given.map(({ promise }) => promise);
  }

  return {
    field({ path }) {
      made += 1;
      add(fieldBytes + String(path.key).length);
      check();
    },
    value(value) {
      add(bytesOf(value));
    },
    async inTurn(work) {
      const run = async () => {
        check();
        return await meter.within(rows, work);
      };
      const result = last.then(run);
      last = result.catch(() => undefined);
      return await result;
    },
    sliced: (items) => (items.length <= fewItems ? items : slices(items)),
    get bytes() {
      return bytes;
    },
    get rows() {
      return { bytes: rowBytes, ms: rowMs };
    },
    get fault() {
      return fault;
    },
  };
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string')
    return value.length <= shortText ? value.length : Buffer.byteLength(JSON.stringify(value));
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + bytesOf(item) + 3, 0);
  if (typeof value !== 'object' || value === null || value instanceof Promise) return 0;
  for (const _ in value) return Buffer.byteLength(JSON.stringify(value));
  return 2;
}

/** `field`: where it broke, as a path of the answer. */
export function tooLarge(limit: number, field?: string): ParleyError {
  const at = field === undefined ? '' : ` at ${field}`;
  return new ParleyError(
    'query_too_complex',
    `unable to run the document; the answer takes over ${limit} bytes${at}: ask for smaller pages or fewer fields, or in several requests`,
    { field, limit },
  );
}
