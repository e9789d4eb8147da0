import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { subprotocol } from '@parley/contracts';
import WebSocket from 'ws';
import { answerParent } from './child.ts';

/** Orders to the hostile user. */
export type HostileUserOrder =
  /** Opens sockets, subscribes on all of them at once, and goes on for `ms`: one a round, on sockets that it opens again when they are closed. */
  | {
      readonly kind: 'attack';
      readonly url: string;
      readonly sockets: number;
      readonly burst: number;
      readonly ms: number;
    }
  | { readonly kind: 'close' };

/** How often which code was heard: `close 4430`, `rate_limited`. */
export type HostileUserFigures = Readonly<Record<string, number>>;

const roundMs = 20;
const fields = ['at', 'channelId', '__typename'];
/** A document that nobody sent before, near the most that validation lets through. */
const documentOf = (index: number): string =>
  `subscription S${index} { channelEvents(channelId: "messaging:bench") { ${names(28, (n) => `a${n}: ${fields[n % fields.length]}`)} ${names(28, () => '... on LoggedEvent { seq actor { id name } }')} } }`;
const names = (length: number, name: (index: number) => string): string =>
  Array.from({ length }, (_, index) => name(index)).join(' ');
const unused = 'x'.repeat(100 * 1024);
const presence = 'subscription P($userIds: [ID!]!) { presence(userIds: $userIds) { userId online } }';
const watch = 'subscription W { channelEvents(channelId: "messaging:bench") { __typename } }';

const refused = new Map<string, number>();
const count = (code: string) => refused.set(code, (refused.get(code) ?? 0) + 1);
let sockets: WebSocket[] = [];
let serial = 0;

function subscribe(socket: WebSocket | undefined): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  serial += 1;
  socket.send(JSON.stringify({ type: 'subscribe', id: `${serial}`, payload: requestOf(serial) }));
}

function requestOf(index: number): object {
  if (index % 3 === 0) return { query: documentOf(index) };
  if (index % 3 === 1) return { query: watch, variables: { unused: `${index}${unused}` } };
  return { query: presence, variables: { userIds: Array.from({ length: 200 }, (_, id) => `u-${index}-${id}`) } };
}

async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
  socket.on('error', () => undefined);
  socket.once('close', (code) => count(`close ${code}`));
  socket.on('message', (data) => {
    // One Buffer for each message, since no other type is asked for.
    const text = (data as Buffer).toString();
    if (text.includes('"type":"error"')) count(/"code":"(\w+)"/.exec(text)?.[1] ?? 'an error without a code');
  });
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([once(socket, 'open').catch(() => undefined), ended]);
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: 'mallory' } }));
    await Promise.race([once(socket, 'message'), ended]);
  }
  return socket;
}

async function attack({ url, sockets: many, burst, ms }: Extract<HostileUserOrder, { kind: 'attack' }>) {
  const until = performance.now() + ms;
  sockets = await Promise.all(Array.from({ length: many }, () => openSocket(url)));
  for (let round = 0; round < burst; round += 1) for (const socket of sockets) subscribe(socket);
  for (let round = 0; performance.now() < until; round += 1) {
    const place = round % many;
    if (sockets[place]?.readyState !== WebSocket.OPEN) sockets[place] = await openSocket(url);
    subscribe(sockets[place]);
    await sleep(roundMs);
  }
  return Object.fromEntries(refused) satisfies HostileUserFigures;
}

answerParent(async (order: HostileUserOrder) => {
  if (order.kind === 'attack') return await attack(order);
  for (const socket of sockets) socket.terminate();
  return null;
});
