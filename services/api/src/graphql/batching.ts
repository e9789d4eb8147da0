import { limits } from '@parley/contracts';
import DataLoader from 'dataloader';
import type { Page } from '../platform/page.ts';

/** Keys of one statement; more are loaded by several. */
const maxBatchSize = 500;
/** Items of the pages of one statement, which the database reads before anybody knows how large they are. */
const itemsAtOnce = 500;

/** How many pages of this size one statement reads. A size that is none is refused where the page is made. */
export const pagesAtOnce = (size: number | null | undefined): number =>
  Math.max(1, Math.floor(itemsAtOnce / Math.max(1, size ?? limits.pageSizeDefault)));

/** A page of what does not exist. */
export const emptyPage: Page<never> = { edges: [], hasNextPage: false, hasPreviousPage: false };

/** Collects what the fields of one operation ask for, so that a list costs as many statements as one item. */
export function batched<Value>(
  load: (ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: Value,
  atOnce: number = maxBatchSize,
): DataLoader<string, Value> {
  return new DataLoader<string, Value>(
    async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id) ?? absent);
    },
    { maxBatchSize: atOnce },
  );
}

/** One loader per set of arguments: only what was asked for in the same way can be answered by one statement. */
export function perArguments<Args, Value>(
  load: (args: Args, ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: Value,
  atOnce: (args: Args) => number,
): (args: Args, id: string) => Promise<Value> {
  const loaders = new Map<string, DataLoader<string, Value>>();
  return (args, id) => {
    const key = JSON.stringify(args);
    const loader = loaders.get(key) ?? batched((ids) => load(args, ids), absent, atOnce(args));
    loaders.set(key, loader);
    return loader.load(id);
  };
}
