import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits, subprotocol } from '@parley/contracts';
import WebSocket from 'ws';
import { burstChannelId, type SeededPeople } from './resume-seed.ts';
import { parseMessage } from './server-message.ts';

const presenceDocument =
  'subscription Presence($userIds:[ID!]!){presenceChanges(userIds:$userIds){userId online lastActiveAt}}';
const channelDocument =
  'subscription Channel($id:ID!){channelEvents(channelId:$id){__typename ...on ReadAdvanced{userId readSeq} ...on ChannelSynced{seq reads{userId readSeq}}}}';
const markDocument = 'mutation Mark($input:MarkReadInput!){markRead(input:$input){readSeq}}';
const sendDocument = 'mutation Send($input:SendMessageInput!){sendMessage(input:$input){seq}}';

export interface BurstFigures {
  /** Of one watcher, in the fullest second. */
  readonly presenceFrames: number;
  readonly readFrames: number;
  /** Of whom the watcher knows that they are online, and that they have read. */
  readonly seenOnline: number;
  readonly seenReading: number;
}

/** Everybody connects and joins one channel, then reads one message, while one of them watches. */
export async function burstOfReaders(url: string, graphqlUrl: string, readers: SeededPeople): Promise<BurstFigures> {
  const [first = '', ...others] = readers.tokens;
  const watcher = await openSocket(url, first);
  const presenceAt: number[] = [];
  const readsAt: number[] = [];
  const online = new Set<string>();
  const readSeqs = new Map<string, number>();
  watcher.on('message', (data) => {
    const { presenceChanges = [], channelEvents } = parseMessage(data).payload?.data ?? {};
    if (presenceChanges.length > 0) presenceAt.push(performance.now());
    for (const change of presenceChanges) if (change.online) online.add(change.userId);
    if (channelEvents?.__typename !== 'ReadAdvanced' && channelEvents?.__typename !== 'ChannelSynced') return;
    readsAt.push(performance.now());
    const { reads = [], userId, readSeq = 0 } = channelEvents;
    for (const read of userId === undefined ? reads : [{ userId, readSeq }])
      if (read.readSeq > 0) readSeqs.set(read.userId, read.readSeq);
  });
  for (let from = 0; from < readers.userIds.length; from += limits.presenceUserIds)
    subscribe(watcher, `presence${from}`, presenceDocument, {
      userIds: readers.userIds.slice(from, from + limits.presenceUserIds),
    });
  subscribe(watcher, 'channel', channelDocument, { id: burstChannelId });
  await sleep(1_000);
  presenceAt.length = 0;
  const sockets = await Promise.all(
    others.map(async (token) => {
      const socket = await openSocket(url, token);
      subscribe(socket, 'channel', channelDocument, { id: burstChannelId });
      return socket;
    }),
  );
  await until(() => online.size >= readers.userIds.length);

  await post(graphqlUrl, first, sendDocument, { channelId: burstChannelId, text: 'Read me.' });
  await sleep(500);
  readsAt.length = 0;
  await Promise.all(
    readers.tokens.map((token) => post(graphqlUrl, token, markDocument, { channelId: burstChannelId })),
  );
  await until(() => readSeqs.size >= readers.userIds.length);
  for (const socket of [watcher, ...sockets]) socket.terminate();
  return {
    presenceFrames: fullestSecond(presenceAt),
    readFrames: fullestSecond(readsAt),
    seenOnline: online.size,
    seenReading: readSeqs.size,
  };
}

async function openSocket(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }));
  await once(socket, 'message');
  return socket;
}

const subscribe = (socket: WebSocket, id: string, query: string, variables: object) =>
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query, variables } }));

async function post(url: string, token: string, query: string, input: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await response.text();
  if (!response.ok || text.includes('"errors"')) throw new Error(`unable to measure; ${text.slice(0, 300)}`);
}

/** Until it is so, or five seconds have passed: what is missing shows in the figures. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5_000 && !isSo(); waited += 20) await sleep(20);
  await sleep(500);
}

function fullestSecond(times: readonly number[]): number {
  let most = 0;
  for (const [index, begin] of times.entries()) {
    const within = times.slice(index).filter((time) => time < begin + 1_000).length;
    most = Math.max(most, within);
  }
  return most;
}
