import type { Seq } from '@parley/contracts';
import type { Rpc } from '@parley/contracts/bus';

type Page = Rpc['channel.events']['reply'];

/** The meaning of a page of the log for a replica that has everything up to `head`. */
export type PageOutcome =
  /** The log was set back: positions of the replica mean nothing in it. */
  | { readonly kind: 'otherEpoch' }
  /** The log no longer holds the next event. The replica continues after `resumeAt`. */
  | { readonly kind: 'pruned'; readonly resumeAt: Seq }
  /** `isEnd`: the log holds nothing more, whatever was claimed of it. */
  | { readonly kind: 'events'; readonly isEnd: boolean };

export function outcomeOf(
  page: Page,
  { epoch, head }: { readonly epoch: string | null; readonly head: Seq },
): PageOutcome {
  if (page.epoch !== epoch) return { kind: 'otherEpoch' };
  if (page.floor > head) return { kind: 'pruned', resumeAt: Math.max(page.head, page.floor) };
  return { kind: 'events', isEnd: page.events.length === 0 && page.head <= head };
}
