import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, startCluster } from '@parley/cli/cluster';
import { createServerClient, type ServerClient } from '@parley/sdk-server';
import { silentLogger } from '@parley/service-kit';
import WebSocket from 'ws';
import { createHistogram, type LatencySummary } from './histogram.ts';
import { openLoop } from './open-loop.ts';
import { startRawRelay } from './raw-relay.ts';
import { openSubscriber } from './subscriber-socket.ts';

export interface NodeLatencyOptions {
  readonly subscribers: number;
  readonly perSecond: number;
  readonly secondsARound: number;
  readonly rounds: number;
  readonly dataDir: string;
}

/** One repetition. From the time a message was due to be sent, in ms. */
export interface LatencyRound {
  /** To the frame at each subscriber. */
  readonly received: LatencySummary;
  /** To the answer that says that it is committed. */
  readonly acknowledged: LatencySummary;
}

export interface NodeLatency {
  readonly parley: readonly LatencyRound[];
  /** The same texts at the same pace to as many sockets of a server that does nothing but pass them on: what machine and generator cost. */
  readonly relay: readonly LatencySummary[];
}

/** A user may send 25 a second; these stay well below. */
const senders = 20;

const watch = `subscription Watch($channelId: ID!) {
  channelEvents(channelId: $channelId) { __typename ... on MessageCreated { seq message { id text createdAt user { id name } } } } }`;
const send = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id seq } }';

/** Two API nodes, two fan-out nodes, NATS and PostgreSQL, each a process of its own; half of the subscribers on each fan-out node. */
export async function nodeLatency(options: NodeLatencyOptions): Promise<NodeLatency> {
  const cluster = await startCluster({
    api: 2,
    fanout: 2,
    nats: 1,
    dataDir: options.dataDir,
    logger: silentLogger(),
  });
  try {
    return await measure(cluster, options);
  } finally {
    await cluster.close();
  }
}

async function measure(cluster: Cluster, options: NodeLatencyOptions): Promise<NodeLatency> {
  const { subscribers, perSecond, secondsARound, rounds } = options;
  const loop = { perSecond, seconds: secondsARound };
  const throughParley = await overParley(cluster, subscribers);
  const throughRelay = await overRelay(subscribers);
  const results = { parley: [] as LatencyRound[], relay: [] as LatencySummary[] };
  for (let round = -1; round < rounds; round += 1) {
    const [parley, relay] = [await throughParley.run(loop), await throughRelay.run(loop)];
    if (round < 0) continue;
    results.parley.push(parley);
    results.relay.push(relay);
  }
  throughParley.close();
  await throughRelay.close();
  return results;
}

interface Loop {
  readonly perSecond: number;
  readonly seconds: number;
}

async function overParley(cluster: Cluster, subscribers: number) {
  const { appId: _, apiKey: keyId, apiSecret: secret } = cluster.app;
  const apiUrls = cluster.apis.map(({ url }) => `${url}/graphql`);
  const server = createServerClient({ url: apiUrls[0] ?? '', keyId, secret });
  const people = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index}`);
  const [watchers, writers] = [people('w', subscribers), people('s', senders)];
  const channelId = await channelOf(server, [...watchers, ...writers]);
  const times = createTimes();
  const sockets = await Promise.all(
    watchers.map(async (userId, index) => {
      const node = cluster.fanouts[index % cluster.fanouts.length];
      const socket = await openSubscriber({
        url: `${(node?.url ?? '').replace(/^http/, 'ws')}/graphql`,
        token: await server.mintUserToken(userId),
        onFrame: times.seen,
      });
      await socket.start({ id: '1', query: watch, variables: { channelId } });
      return socket;
    }),
  );
  const tokens = await Promise.all(writers.map((userId) => server.mintUserToken(userId)));

  return {
    async run(loop: Loop): Promise<LatencyRound> {
      const acknowledged = createHistogram();
      times.begin();
      const answers: Promise<void>[] = [];
      await openLoop({
        ...loop,
        run: (index, dueAt) => {
          const text = times.text(dueAt);
          const url = apiUrls[index % apiUrls.length] ?? '';
          const answer = post(url, tokens[index % tokens.length] ?? '', { input: { channelId, text } });
          answers.push(answer.then(() => acknowledged.record(performance.now() - dueAt)));
        },
      });
      await Promise.all(answers);
      await times.all(answers.length * subscribers);
      return { received: times.summary(), acknowledged: acknowledged.summary() };
    },
    close() {
      for (const socket of sockets) socket.close();
    },
  };
}

async function overRelay(subscribers: number) {
  const relay = await startRawRelay();
  const times = createTimes();
  const opened = async () => {
    const socket = new WebSocket(relay.url, { perMessageDeflate: false });
    await once(socket, 'open');
    return socket;
  };
  const sender = await opened();
  const sockets = await Promise.all(Array.from({ length: subscribers }, opened));
  for (const socket of sockets) socket.on('message', (data: Buffer) => times.seen(data.toString()));
  return {
    async run(loop: Loop): Promise<LatencySummary> {
      times.begin();
      await openLoop({ ...loop, run: (_, dueAt) => sender.send(times.text(dueAt)) });
      await times.all(Math.round(loop.perSecond * loop.seconds) * subscribers);
      return times.summary();
    },
    async close() {
      for (const socket of [sender, ...sockets]) socket.terminate();
      await relay.close();
    },
  };
}

const mark = '@@';
const textLength = 300;
const deadlineMs = 20_000;

/** Texts that hold the time at which they were due, and when they are seen. */
function createTimes() {
  let histogram = createHistogram();
  let seen = 0;
  return {
    begin() {
      histogram = createHistogram();
      seen = 0;
    },
    text: (dueAt: number) => `${mark}${dueAt.toFixed(3)}${mark}`.padEnd(textLength, 'x'),
    seen(frame: string) {
      if (frame.startsWith('{"type":"error"')) throw new Error(`unable to measure; a subscriber was refused: ${frame}`);
      const from = frame.indexOf(mark);
      if (from < 0) return;
      const to = frame.indexOf(mark, from + mark.length);
      histogram.record(performance.now() - Number(frame.slice(from + mark.length, to)));
      seen += 1;
    },
    async all(count: number) {
      const deadline = performance.now() + deadlineMs;
      while (seen < count) {
        if (performance.now() > deadline)
          throw new Error(`unable to measure; ${count - seen} of ${count} did not come`);
        await sleep(10);
      }
    },
    summary: () => histogram.summary(),
  };
}

async function channelOf(server: ServerClient, userIds: readonly string[]): Promise<string> {
  const [owner = '', ...others] = userIds;
  const { id } = await server.createChannel({ type: 'messaging', key: randomUUID(), memberIds: [owner] });
  for (let start = 0; start < others.length; start += 50) await server.addMembers(id, others.slice(start, start + 50));
  return id;
}

async function post(url: string, token: string, variables: Record<string, unknown>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: send, variables }),
  });
  const text = await response.text();
  if (!text.startsWith('{"data":{"sendMessage":{')) throw new Error(`unable to measure; a send was refused: ${text}`);
}
