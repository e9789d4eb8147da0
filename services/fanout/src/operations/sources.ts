import { invalidInput, ParleyError, parseChannelId } from '@parley/contracts';
import { ChannelSubscription, type ChannelSubscriptionDeps } from '../interest/channel-subscription.ts';
import type { FeedDeps } from '../interest/feed-deps.ts';
import { InboxSubscription } from '../interest/inbox-subscription.ts';
import { PresenceSubscription, parsePresenceIds } from '../interest/presence-subscription.ts';
import type { Subscriber } from '../interest/subscriber.ts';
import type { GateName } from '../quota/user-quota.ts';
import type { Revocable } from './operation-sink.ts';

export type SourceDeps = ChannelSubscriptionDeps & FeedDeps;

/** The source of a subscription. `opened` resolves when the present state was sent, or the source ended; never rejects. */
export interface OpenedSource {
  readonly source: Revocable;
  readonly opened: Promise<void>;
}

type FieldName = 'channelEvents' | 'inbox' | 'presence' | 'presenceChanges';

/** The cost of a subscription to its user before the first event. */
export interface SourceKind {
  readonly field: FieldName;
  readonly gate: GateName;
  /** As many as it counts for. */
  readonly operations: number;
  /** Kept while it runs, with its place in a channel or on the bus. The arguments add to it. */
  readonly bytes: number;
}

const channelBytes = 4_096;
const inboxBytes = 16 * 1_024;
const presenceBytes = 2_048;

const kinds: readonly SourceKind[] = [
  { field: 'channelEvents', gate: 'channelEvents', operations: 1, bytes: channelBytes },
  // The API reads all of a user's channels for it.
  { field: 'inbox', gate: 'inbox', operations: 5, bytes: inboxBytes },
  { field: 'presence', gate: 'presence', operations: 2, bytes: presenceBytes },
  { field: 'presenceChanges', gate: 'presence', operations: 2, bytes: presenceBytes },
];

/** A cursor of the API is far below this. */
const maxCursor = 512;

/** @throws invalid_query */
export function sourceKindOf(field: string): SourceKind {
  const kind = kinds.find((one) => one.field === field);
  if (kind === undefined)
    throw new ParleyError('invalid_query', `unable to subscribe; this node does not know ${field}`);
  return kind;
}

/** Starts what feeds a subscription. @throws invalid_input, forbidden, rate_limited */
export function openSource(
  deps: SourceDeps,
  subscriber: Subscriber,
  { field }: SourceKind,
  args: Readonly<Record<string, unknown>>,
): OpenedSource {
  switch (field) {
    case 'channelEvents': {
      const after = parseAfter(args['after']);
      const source = new ChannelSubscription(deps, subscriber, parseChannelId(String(args['channelId'])));
      const { epoch } = args;
      return { source, opened: source.run(after, typeof epoch === 'string' ? epoch : null) };
    }
    case 'inbox': {
      const source = new InboxSubscription(deps, subscriber, parseCursor(args['after']));
      return { source, opened: source.run() };
    }
    case 'presence':
    case 'presenceChanges': {
      const form = field === 'presence' ? 'each' : 'together';
      const source = new PresenceSubscription(deps, subscriber, parsePresenceIds(args['userIds']), form);
      return { source, opened: source.run() };
    }
  }
}

function parseAfter(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidInput('after', 'it is the seq of an event, a whole number from 0 on');
}

function parseCursor(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (value.length > maxCursor)
    throw invalidInput('after', `it is the cursor of an inbox event, at most ${maxCursor} characters`, maxCursor);
  return value;
}
