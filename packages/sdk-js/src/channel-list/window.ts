import type { ChannelSort } from '@parley/contracts';
import type { ChannelSummary } from './channel-list.ts';
import { compareBy } from './order.ts';

/** The loaded part of a list: sorted, and complete up to its last item. */
export interface Window {
  readonly items: readonly ChannelSummary[];
  readonly hasMore: boolean;
}

/**
 * Puts a summary in its place. Where more pages follow, a summary after the last loaded item is left out: there may be unknown ones
 * before it, and its page will bring it.
 */
export function place(
  { items, hasMore }: Window,
  summary: ChannelSummary,
  sort: readonly ChannelSort[],
): readonly ChannelSummary[] {
  const compare = compareBy(sort);
  const last = items.at(-1);
  if (hasMore && last !== undefined && compare(summary, last) > 0) return without(items, summary.id);
  const others = items.filter(({ id }) => id !== summary.id);
  const before = others.findIndex((other) => compare(summary, other) < 0);
  const at = before < 0 ? others.length : before;
  return [...others.slice(0, at), summary, ...others.slice(at)];
}

/** The same array when there is none with this id. */
export function without(items: readonly ChannelSummary[], id: string): readonly ChannelSummary[] {
  return items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : items;
}
