import { setTimeout as sleep } from 'node:timers/promises';
import { nextMessageOf, textOfNow, watcher } from './broadcaster.ts';
import { answerParent } from './child.ts';
import { createHistogram, type LatencyHistogram } from './histogram.ts';
import { type Dialect, LightClient, type Tally } from './light-client.ts';
import { graphqlTransport, mqtt, mqttPublish, plainSockets, socketIo } from './light-dialects.ts';
import { openLoop } from './open-loop.ts';
import { xmpp, xmppMessage } from './xmpp-dialect.ts';

export type Speech = 'plain' | 'socket.io' | 'parley' | 'parley-inbox' | 'graphql-ws' | 'mqtt' | 'xmpp';

/** What the generator is asked to do; a group is the clients of one contender. */
export type ClientsOrder =
  | {
      readonly kind: 'open';
      readonly group: string;
      readonly speech: Speech;
      readonly address: string;
      readonly count: number;
      readonly ids?: 'counted' | 'random';
      /** Channels that they are spread over, for `parley-inbox`. */
      readonly channels?: number;
      /** Of the user of the first one, so that several processes make different users. */
      readonly firstIndex?: number;
      /** How many are on their way in at a time; 100 when absent. */
      readonly atOnce?: number;
    }
  | { readonly kind: 'tally'; readonly group: string }
  /** Until so many messages came in all. */
  | { readonly kind: 'await'; readonly group: string; readonly messages: number }
  /** Summary of latencies since the last one. */
  | { readonly kind: 'latency'; readonly group: string }
  | { readonly kind: 'close'; readonly group: string }
  /** For a broker, which publishes nothing by itself. */
  | { readonly kind: 'publish'; readonly group: string; readonly perSecond: number; readonly seconds: number }
  | { readonly kind: 'publish-burst'; readonly group: string; readonly size: number };

interface Group {
  readonly speech: Speech;
  readonly clients: LightClient[];
  readonly tally: Tally;
  latencies: LatencyHistogram;
}

/** One of so many clients looks at the time in each message. */
const sampledOneOf = 25;
const openAtOnce = 100;
const awaitMs = 60_000;
const groups = new Map<string, Group>();
let published = 0;

answerParent(async (order: ClientsOrder) => {
  if (order.kind === 'open') return await open(order);
  const group = groups.get(order.group);
  if (group === undefined) throw new Error(`unable to measure; there is no group ${order.group}`);
  switch (order.kind) {
    case 'await':
      return await awaitMessages(group, order.messages);
    case 'latency': {
      const summary = group.latencies.summary();
      group.latencies = createHistogram();
      return summary;
    }
    case 'close':
      for (const client of group.clients) client.close();
      groups.delete(order.group);
      return null;
    case 'publish':
      return await openLoop({ ...order, run: () => publishOne(group) });
    case 'publish-burst':
      for (let index = 0; index < order.size; index += 1) publishOne(group);
      return null;
    default:
      return { messages: group.tally.messages, bytes: group.tally.bytes };
  }
});

async function open(order: Extract<ClientsOrder, { kind: 'open' }>): Promise<null> {
  const address = new URL(order.address);
  const group: Group = {
    speech: order.speech,
    clients: [],
    latencies: createHistogram(),
    tally: { messages: 0, bytes: 0, onLatency: (ms) => group.latencies.record(ms) },
  };
  const { clients } = group;
  while (clients.length < order.count) {
    const some = Array.from(
      { length: Math.min(order.atOnce ?? openAtOnce, order.count - clients.length) },
      (_, place) => {
        const place0 = clients.length + place;
        const index = (order.firstIndex ?? 0) + place0;
        return new LightClient(address, dialect(order, address, index), group.tally, {
          index,
          samples: place0 % sampledOneOf === 0,
        });
      },
    );
    await Promise.all(some.map(({ ready }) => ready));
    clients.push(...some);
  }
  groups.set(order.group, group);
  return null;
}

function dialect(
  { speech, ids = 'counted', channels = 1 }: Extract<ClientsOrder, { kind: 'open' }>,
  address: URL,
  index: number,
): Dialect {
  const { query, channelId } = watcher;
  const one = { query, variables: () => ({ channelId }) };
  switch (speech) {
    case 'plain':
      return plainSockets(address);
    case 'socket.io':
      return socketIo(address);
    case 'mqtt':
      return mqtt();
    case 'xmpp':
      return xmpp(index);
    case 'graphql-ws':
      return graphqlTransport(address, { subscriptions: [one], ids });
    case 'parley':
      return graphqlTransport(address, { subscriptions: [one], ids, lastWord: '"ChannelSynced"' });
    case 'parley-inbox': {
      const inbox = { query: 'subscription Inbox{inbox{__typename at}}', variables: () => ({}) };
      const own = { query, variables: (index: number) => ({ channelId: `${channelId}-${index % channels}` }) };
      return graphqlTransport(address, { subscriptions: [inbox, own], ids, lastWord: '"ChannelSynced"' });
    }
  }
}

/** Resolves with what came, also when that is too little. */
async function awaitMessages({ tally }: Group, messages: number): Promise<number> {
  const deadline = performance.now() + awaitMs;
  while (tally.messages < messages && performance.now() < deadline) await sleep(1);
  return tally.messages;
}

function publishOne({ clients, speech }: Group): void {
  published += 1;
  const text = textOfNow();
  clients[0]?.send(
    speech === 'xmpp' ? xmppMessage(published, text) : mqttPublish(Buffer.from(nextMessageOf(published, text))),
  );
}
