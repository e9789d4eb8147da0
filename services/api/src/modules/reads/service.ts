import type { ReadAdvanced, User } from '@parley/contracts';
import { invalidInput, ParleyError, parseChannelId } from '@parley/contracts';
import { featuresOf } from '../../domain/grants.ts';
import { lacking } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { requireUser } from '../../platform/actor.ts';
import { type Batcher, createBatcher } from '../../platform/batcher.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import type { ChannelAccessService } from '../channels/index.ts';
import type { InboxService } from '../inbox/index.ts';
import { type MovedRead, moveReads, type ReadCommand } from './repository.ts';

export interface MarkReadInput {
  readonly channelId: string;
  /** Default: the head of the channel's log, which it never passes. */
  readonly seq?: number | null | undefined;
}

export interface ReadState {
  readonly channelId: string;
  readonly user: User;
  readonly readSeq: number;
  readonly readAt: string;
  readonly unreadCount: number;
}

export interface ReadsService {
  /** The pointer only goes forward; notifies the others of the channel and the reader's own devices. @throws forbidden, invalid_input */
  mark(actor: Actor, input: MarkReadInput): Promise<ReadState>;
}

export interface ReadsDependencies {
  readonly sql: Sql;
  readonly access: ChannelAccessService;
  readonly publisher: Pick<Publisher, 'ephemerals'>;
  readonly inbox: Pick<InboxService, 'readMoved'>;
}

/** A read of a user, and whether the others of the channel are notified. */
interface Reading extends ReadCommand {
  readonly receipts: boolean;
}

interface Outcome {
  readonly moved: MovedRead | null;
}

const listsTogether = 100;
const movedTogether = 500;
/** Many who read one channel at once: what they do in this time, ms, becomes one list, and none of them waits longer for it. */
const burst = { from: 8, ms: 500 };
/** Channels whose bursts are known; with more, those that were quiet the longest begin anew. */
const channelsKnown = 1_000;

export function createReads({ sql, access, publisher, inbox }: ReadsDependencies): ReadsService {
  const moveLists = createBatcher<readonly Reading[], readonly Outcome[]>({
    most: listsTogether,
    concurrency: 2,
    async ask(lists) {
      const readings = lists.flat();
      const all = await moveReads(sql, readings);
      notify(readings.flatMap((reading, index) => advancedBy(reading, all[index])));
      const outcomes = all.map((moved) => ({ moved }));
      return lists.map((list) => outcomes.splice(0, list.length));
    },
  });
  const channels = new Map<string, Batcher<Reading, Outcome>>();

  function move(reading: Reading): Promise<Outcome> {
    // Neither id can hold a slash.
    const key = `${reading.appId}/${reading.channelId}`;
    const ask =
      channels.get(key) ??
      createBatcher({ ask: (list) => moveLists(list), most: movedTogether, concurrency: 2, burst });
    channels.delete(key);
    channels.set(key, ask);
    const [oldest] = channels.keys();
    if (channels.size > channelsKnown && oldest !== undefined) channels.delete(oldest);
    return ask(reading);
  }

  function notify(all: readonly (Reading & { readonly event: ReadAdvanced })[]): void {
    const receipts = Map.groupBy(
      all.filter((reading) => reading.receipts),
      ({ appId, channelId }) => `${appId}/${channelId}`,
    );
    for (const some of receipts.values())
      if (some[0] !== undefined)
        publisher.ephemerals(
          some[0].appId,
          some[0].channelId,
          some.map(({ event }) => event),
        );
    for (const { appId, channelId, userId } of all) inbox.readMoved(appId, channelId, userId);
  }

  return {
    async mark(actor, input) {
      const { appId, userId } = requireUser(actor, 'mark as read');
      const channelId = parseChannelId(input.channelId);
      if (typeof input.seq === 'number' && input.seq < 0) throw invalidInput('seq', 'a seq is 0 or more');
      const seen = await access.check(actor, channelId, 'read-events');
      // Server rights are no membership, and only a member has a read pointer.
      if (seen.role === null) throw lacking('read-events', channelId);
      const receipts = featuresOf[seen.type].readReceipts;
      const { moved } = await move({ appId, channelId, userId, seq: input.seq ?? null, receipts });
      if (moved === null)
        throw new ParleyError('not_found', `unable to mark as read; you are no longer a member of ${channelId}`);
      const { advanced: _, ...state } = moved;
      return { channelId, ...state };
    },
  };
}

/** A read up to where the pointer is already is published too: it may be the retry of one that was written and never published. */
function advancedBy(reading: Reading, moved: MovedRead | null | undefined): (Reading & { event: ReadAdvanced })[] {
  if (moved === null || moved === undefined) return [];
  if (!moved.advanced && reading.seq !== moved.readSeq) return [];
  const { channelId, userId } = reading;
  const { readSeq, readAt: at } = moved;
  return [{ ...reading, event: { __typename: 'ReadAdvanced', channelId, at, userId, readSeq } }];
}
