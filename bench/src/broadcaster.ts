import type { MessageCreated } from '@parley/contracts';
import { answerParent } from './child.ts';
import { openLoop } from './open-loop.ts';
import { messageCreated } from './sample-event.ts';

/** The texts that a broadcast is about: 300 bytes, the first of which say when it was sent. */
const textBytes = 300;
const at = '2026-01-01T00:00:00.000Z';

/** What a server under test is asked to do. */
export type BroadcastOrder =
  /** One event at a time, evenly. */
  | { readonly kind: 'steady'; readonly perSecond: number; readonly seconds: number }
  /** So many events in one turn of the event loop. */
  | { readonly kind: 'burst'; readonly size: number }
  | { readonly kind: 'address' }
  | { readonly kind: 'stats' };

/** A message as every contender sends it: `at` in it is µs of the machine's monotonic clock. */
export function textOfNow(): string {
  return `at=${process.hrtime.bigint() / 1_000n};`.padEnd(textBytes, 'lorem ipsum ');
}

export const watcher = {
  appId: 'app_bench',
  channelId: 'messaging:bench',
  query:
    'subscription Watch($channelId:ID!){channelEvents(channelId:$channelId){__typename channelId at' +
    ' ...on LoggedEvent{seq actor{id}} ...on MessageCreated{message{id text user{id name}}}}}',
};

const sender = { id: 'ada', name: 'Ada Lovelace', lastActiveAt: at };

/** What is broadcast: the same event for every contender, but for its place and its text. */
export function broadcastEvent(seq: number, text: string): MessageCreated {
  const id = `0190a5c0-0000-7000-8000-${String(seq).padStart(12, '0')}`;
  return messageCreated({ id, channelId: watcher.channelId, seq, user: sender, text, at });
}

/** The result of {@link watcher}'s query for such an event, for those who have no GraphQL. */
export function resultOf(seq: number, text: string) {
  const { __typename, channelId, message } = broadcastEvent(seq, text);
  return {
    data: {
      channelEvents: {
        __typename,
        channelId,
        at,
        seq,
        actor: { id: sender.id },
        message: { id: message.id, text, user: { id: sender.id, name: sender.name } },
      },
    },
  };
}

/** The frame that a graphql-transport-ws client gets for it. */
export const nextMessageOf = (seq: number, text: string): string =>
  JSON.stringify({ id: '1', type: 'next', payload: resultOf(seq, text) });

/** A server under test: how one event goes to everybody. */
export interface Broadcaster {
  readonly address: string;
  publish(seq: number, text: string): void;
  stats?(): unknown;
}

/** Lets the parent give orders; an order is answered when its last event was published. */
export function serveBroadcasts({ address, publish, stats }: Broadcaster): void {
  let seq = 0;
  const publishNext = () => {
    seq += 1;
    publish(seq, textOfNow());
  };
  answerParent(async (order: BroadcastOrder) => {
    if (order.kind === 'address') return address;
    if (order.kind === 'stats') return stats?.() ?? null;
    if (order.kind === 'steady') return await openLoop({ ...order, run: publishNext });
    for (let index = 0; index < order.size; index += 1) publishNext();
    return null;
  });
}
