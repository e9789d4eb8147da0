import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from './child.ts';
import { ResumeClient, type ResumeTally } from './resume-client.ts';
import type { SeededPeople } from './resume-seed.ts';

export type ResumeOrder =
  | { readonly kind: 'open'; readonly people: SeededPeople; readonly url: string }
  /** They connect there when they lose their connection. Null: they wait until they are told. */
  | { readonly kind: 'aim'; readonly url: string | null }
  /** Resolves when all have resumed, or not within `withinMs`; times count from `since`, ms since 1970. */
  | { readonly kind: 'await'; readonly since: number; readonly withinMs: number }
  | { readonly kind: 'positions' }
  | { readonly kind: 'close' };

export interface ResumeFigures extends ResumeTally {
  readonly synced: number;
  readonly all: number;
  /** From `since` to the moment at which the last, and half of them, were synced. */
  readonly lastMs: number;
  readonly halfMs: number;
}

const openAtOnce = 100;
const tally: ResumeTally = { repeated: 0, skipped: 0, resets: 0, refused: 0, ends: {} };
let clients: readonly ResumeClient[] = [];
let channelIds: readonly string[] = [];

answerParent(async (order: ResumeOrder) => {
  switch (order.kind) {
    case 'open':
      return await open(order);
    case 'aim':
      for (const client of clients) {
        client.aim(order.url);
        client.syncedAt = 0;
      }
      return null;
    case 'await':
      return await settled(order.since, order.withinMs);
    case 'positions':
      return clients.map(({ seq }, index) => ({ channelId: channelIds[index] ?? '', seq }));
    case 'close':
      for (const client of clients) client.stop();
      return null;
  }
});

async function open({ people, url }: Extract<ResumeOrder, { kind: 'open' }>): Promise<null> {
  channelIds = people.channelIds;
  clients = people.tokens.map((token, index) => new ResumeClient({ token, channelId: channelIds[index] ?? '', tally }));
  for (let from = 0; from < clients.length; from += openAtOnce) {
    const some = clients.slice(from, from + openAtOnce);
    for (const client of some) {
      client.aim(url);
      client.connect();
    }
    while (!some.every(({ synced }) => synced)) await sleep(5);
  }
  return null;
}

async function settled(since: number, withinMs: number): Promise<ResumeFigures> {
  const sinceHere = performance.now() - (Date.now() - since);
  while (
    performance.now() - sinceHere < withinMs &&
    !clients.every(({ synced, syncedAt }) => synced && syncedAt > sinceHere)
  )
    await sleep(5);
  const times = clients
    .filter(({ synced }) => synced)
    .map(({ syncedAt }) => syncedAt - sinceHere)
    .sort((one, other) => one - other);
  return {
    ...tally,
    synced: times.length,
    all: clients.length,
    lastMs: times.at(-1) ?? Number.POSITIVE_INFINITY,
    halfMs: times[times.length >> 1] ?? Number.POSITIVE_INFINITY,
  };
}
