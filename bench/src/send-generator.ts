import { randomUUID } from 'node:crypto';
import { type BareSender, openBareSender } from './bare-send.ts';
import type { SeededChat } from './chat-seed.ts';
import { answerParent } from './child.ts';
import { type GraphqlConnection, openGraphqlConnection } from './graphql-connection.ts';
import { createHistogram, type LatencySummary } from './histogram.ts';
import { openLoop } from './open-loop.ts';

/** What the generator is asked to do. `through`: the API, or the function in the database. */
export type SendTask = {
  readonly chat: SeededChat;
  readonly apiPort: number;
  readonly databaseUrl: string;
  readonly through: 'api' | 'sql';
  readonly clients: number;
  readonly seconds: number;
  /** One channel for all, or one channel after the other. */
  readonly hot: boolean;
  /** Arrivals a second, for an open loop; null: each client sends as soon as it is answered. */
  readonly perSecond: number | null;
};

export interface SendFigures {
  readonly perSecond: number;
  readonly failed: number;
  readonly latency: LatencySummary;
}

type Send = (index: number) => Promise<void>;
interface Sender {
  readonly send: Send;
  close(): unknown;
}

const document = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id seq createdAt } }';
const text = 'The quick brown fox jumps over the lazy dog. '.repeat(5).slice(0, 200);

const throughApi = (connection: GraphqlConnection, chat: SeededChat, hot: boolean): Sender => ({
  async send(index) {
    const input = { channelId: chat.channelIds[hot ? 0 : index], id: randomUUID(), text };
    const body = JSON.stringify({ query: document, variables: { input } });
    const answer = await connection.post(chat.tokens[index] ?? '', body);
    if (!answer.includes('"seq":')) throw new Error(`unable to measure; ${answer}`);
  },
  close: connection.close,
});

const throughSql = (sender: BareSender, { appId, channelIds, userIds }: SeededChat, hot: boolean): Sender => ({
  send: (index) => sender.send(appId, channelIds[hot ? 0 : index] ?? '', userIds[index] ?? '', text),
  close: sender.close,
});

answerParent(async (task: SendTask): Promise<SendFigures> => {
  const { chat, apiPort, databaseUrl, through, clients, hot } = task;
  const senders = await Promise.all(
    Array.from({ length: clients }, async () =>
      through === 'api'
        ? throughApi(await openGraphqlConnection(apiPort), chat, hot)
        : throughSql(await openBareSender(databaseUrl), chat, hot),
    ),
  );
  const figures = await (task.perSecond === null ? closed(senders, task) : open(senders, task, task.perSecond));
  await Promise.all(senders.map((sender) => sender.close()));
  return figures;
});

/** Each client sends again as soon as it is answered. */
async function closed(senders: readonly Sender[], { chat, seconds }: SendTask): Promise<SendFigures> {
  const histogram = createHistogram();
  let done = 0;
  let failed = 0;
  let next = 0;
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  await Promise.all(
    senders.map(async ({ send }) => {
      for (let at = performance.now(); at < end; at = performance.now()) {
        next = (next + 1) % chat.channelIds.length;
        const succeeded = await send(next).then(() => true, reportFirst);
        if (succeeded) done += 1;
        else failed += 1;
        histogram.record(performance.now() - at);
      }
    }),
  );
  return { perSecond: (done * 1_000) / (performance.now() - begun), failed, latency: histogram.summary() };
}

/** At a fixed pace, by whichever client is free; the wait for one counts. */
async function open(senders: readonly Sender[], { chat, seconds }: SendTask, perSecond: number): Promise<SendFigures> {
  const histogram = createHistogram();
  const free = [...senders];
  const waiting: ((sender: Sender) => void)[] = [];
  const sends: Promise<void>[] = [];
  let failed = 0;
  const one = async (index: number, dueAt: number) => {
    const sender = free.pop() ?? (await new Promise<Sender>((resolve) => waiting.push(resolve)));
    const succeeded = await sender.send(index % chat.channelIds.length).then(() => true, reportFirst);
    if (!succeeded) failed += 1;
    histogram.record(performance.now() - dueAt);
    const first = waiting.shift();
    if (first === undefined) free.push(sender);
    else first(sender);
  };
  await openLoop({ perSecond, seconds, run: (index, dueAt) => sends.push(one(index, dueAt)) });
  await Promise.all(sends);
  return { perSecond, failed, latency: histogram.summary() };
}

let silent = false;
function reportFirst(error: unknown): false {
  if (!silent) process.stderr.write(`${String(error)}\n`);
  silent = true;
  return false;
}
