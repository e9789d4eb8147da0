import {
  Client,
  type Exchange,
  fetchExchange,
  type Operation,
  type OperationResult,
  type SubscriptionForwarder,
  subscriptionExchange,
} from '@urql/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { filter, makeSubject, merge, pipe } from 'wonka';
import { resumeExchange } from './urql.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  // The longest waits: `vi.waitFor` moves the time on while it looks.
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const event = (name: string, seq: number) => ({
  data: { channelEvents: { __typename: name, seq, ...(name === 'ChannelSynced' && { epoch: 'e1' }) } },
});
const refusal = (code: string, retryable: boolean) => ({
  errors: [{ message: 'no', extensions: { code, retryable } }],
});
/** A stream that brings these and then ends, without `complete` unless it is among them. */
const stream = (...parts: (object | 'complete')[]) =>
  new Response(
    parts
      .map((part) => (part === 'complete' ? 'event: complete\n\n' : `event: next\ndata: ${JSON.stringify(part)}\n\n`))
      .join(''),
    { headers: { 'content-type': 'text/event-stream' } },
  );
const unavailable = () => Response.json(refusal('unavailable', true), { status: 503 });

/** Somebody who watches a channel on a server that answers these, one after the other, and nothing after that. */
function watch(...answers: (() => Response | Promise<never>)[]) {
  const positions: unknown[] = [];
  const fetch = vi.fn(async (_url: unknown, options?: RequestInit) => {
    positions.push(JSON.parse(typeof options?.body === 'string' ? options.body : '{}').variables.parley_after);
    const answer = answers.shift();
    return answer === undefined ? new Promise<Response>(() => undefined) : answer();
  });
  const client = new Client({
    url: 'http://localhost/graphql',
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetch,
    exchanges: [resumeExchange, fetchExchange],
  });
  const results: OperationResult[] = [];
  const { unsubscribe } = client
    .subscription('subscription { channelEvents(channelId: "messaging:a") { __typename } }', {})
    .subscribe((result) => results.push(result));
  return {
    positions,
    unsubscribe,
    seqs: () => results.flatMap(({ data }) => data?.channelEvents.seq ?? []),
    errors: () => results.flatMap(({ error }) => error?.message ?? []),
  };
}

test.for([
  ['ended without `complete`', () => stream(event('ChannelSynced', 4), event('MessageCreated', 5))],
  ['was refused for now', unavailable],
  ['could not be opened', () => Promise.reject(new TypeError('fetch failed'))],
] as const)('a stream that %s is opened again, and nobody hears of it', async ([, answer]) => {
  const bob = watch(answer, () => stream(event('ChannelSynced', 5)));
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  vi.runAllTimers();
  await vi.waitFor(() => expect(bob.seqs().at(-1)).toBe(5));
  expect(bob.errors()).toEqual([]);
});

test('it goes on behind the newest event', async () => {
  const bob = watch(
    () => stream(event('ChannelSynced', 4), event('MessageCreated', 5)),
    () => stream(event('MessageCreated', 5), event('MessageCreated', 6)),
  );
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  vi.runAllTimers();
  await vi.waitFor(() => expect(bob.seqs()).toEqual([4, 5, 6]));
  expect(bob.positions).toEqual([undefined, 5]);
});

test('waits grow while nothing comes, up to half a minute', async () => {
  const waits = vi.spyOn(globalThis, 'setTimeout');
  watch(...Array.from({ length: 9 }, () => unavailable));
  const lengths = () => waits.mock.calls.map(([, ms]) => ms).filter((ms = 0) => ms >= 500);
  for (let opened = 1; opened <= 9; opened += 1) {
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    vi.runAllTimers();
  }
  expect(lengths()).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('a refusal is final: it is handed on, and nothing is tried again', async () => {
  const bob = watch(() => stream(refusal('forbidden', false), 'complete'));
  await vi.waitFor(() => expect(bob.errors()[0]).toContain('no'));
  expect(vi.getTimerCount()).toBe(0);
});

test('who unsubscribed while it waited is not subscribed again', async () => {
  const bob = watch(unavailable, unavailable);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  bob.unsubscribe();
  expect(vi.getTimerCount()).toBe(0);
  expect(bob.positions).toHaveLength(1);
});

test('what an exchange in front tries again after a refusal goes on where it was', async () => {
  const positions: unknown[] = [];
  const retryOnce: Exchange = ({ forward }) => {
    const again = makeSubject<Operation>();
    return (operations) =>
      pipe(
        merge([operations, again.source]),
        forward,
        filter(({ error, operation }) => {
          if (error !== undefined) void Promise.resolve().then(() => again.next(operation));
          return error === undefined;
        }),
      );
  };
  const answers = [[event('MessageCreated', 4), refusal('unavailable', true)], [event('MessageCreated', 5)]];
  const forwardSubscription: SubscriptionForwarder = ({ variables }) => ({
    subscribe(sink) {
      positions.push(variables?.['parley_after']);
      for (const answer of answers.shift() ?? []) sink.next({ data: null, ...answer });
      return { unsubscribe() {} };
    },
  });
  const client = new Client({
    url: 'http://localhost/graphql',
    preferGetMethod: false,
    exchanges: [retryOnce, resumeExchange, subscriptionExchange({ forwardSubscription })],
  });
  const seqs: unknown[] = [];
  client
    .subscription('subscription { channelEvents(channelId: "messaging:a") { __typename } }', {})
    .subscribe(({ data }) => seqs.push(data?.channelEvents?.seq));
  await vi.waitFor(() => expect(seqs).toEqual([4, 5]));
  expect(positions).toEqual([undefined, 4]);
});
