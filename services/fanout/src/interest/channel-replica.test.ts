import { type LoggedEvent, ParleyError } from '@parley/contracts';
import type { Rpc } from '@parley/contracts/bus';
import { silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { created, newerLogged, removed } from '../../test/events.ts';
import type { AskApi } from '../api-client.ts';
import { ChannelReplica } from './channel-replica.ts';
import { ReplayBudget } from './replay-budget.ts';

const general = 'messaging:general';
// The seq and the channel are what a draft lacks.
const placed = (seq: number, draft: object = created(general, `message ${seq}`)) =>
  ({ ...draft, channelId: general, seq }) as LoggedEvent;
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => placed(first + index));

/** A replica of a log that the test writes, and what its listener hears. */
function replicaOf(log: readonly LoggedEvent[] = []) {
  const clock = fakeClock(0);
  const heard: string[] = [];
  const api = { log, epoch: 'one', floor: 0, error: undefined as ParleyError | undefined, pages: 0 };
  const answer = (method: string, request: Rpc['channel.events']['request']) => {
    if (api.error !== undefined) throw api.error;
    const { epoch, floor } = api;
    const head = api.log.length;
    if (method === 'channel.heads') return { epoch, heads: [head] };
    api.pages += 1;
    return { epoch, floor, head, events: request.after < floor ? [] : api.log.slice(request.after) };
  };
  // The two methods that a replica asks.
  const ask = (async (method: string, request: Rpc['channel.events']['request']) =>
    answer(method, request)) as unknown as AskApi;
  const counters = { repairs: 0 };
  const deps = { ask, clock, counters, eventsPage: 100, logger: silentLogger(), replayBudget: new ReplayBudget() };
  const replica = new ChannelReplica('app', general, deps, {
    logged: ({ seq }) => heard.push(`${seq}`),
    membersRemoved: (userIds) => heard.push(`removed ${userIds.join()}`),
    reset: (head) => heard.push(`reset ${head}`),
    restarted: (head) => heard.push(`restarted ${head}`),
    deleted: () => heard.push('deleted'),
  });
  onTestFinished(() => replica.close());
  return { api, clock, heard, replica };
}

test('copies of the bus come out in order and once, and are at hand for replays', () => {
  const { heard, replica } = replicaOf();
  replica.noteHead(0, 'one');
  for (const seq of [2, 1, 2, 3]) replica.receive([placed(seq)], 'one', 100);
  expect(heard).toEqual(['1', '2', '3']);
  expect(replica.head).toBe(3);
  expect(replica.buffer.after(1)).toHaveLength(2);
});

test('a lost copy is read from the log once it is 200 ms late', async () => {
  const { api, clock, heard, replica } = replicaOf(upTo(3));
  replica.noteHead(0, 'one');
  replica.receive([placed(3)], 'one', 100);
  await clock.advanceAsync(199);
  expect([heard, api.pages]).toEqual([[], 0]);
  await clock.advanceAsync(1);
  expect([heard, api.pages]).toEqual([['1', '2', '3'], 1]);
});

test('a removal is heard at once, in front of the hole before it', () => {
  const { heard, replica } = replicaOf();
  replica.noteHead(0, 'one');
  replica.receive([placed(2, removed('bob'))], 'one', 100);
  expect(heard).toEqual(['removed bob']);
});

test('a hole that the log holds no more is a reset, and what follows comes after it', async () => {
  const { api, clock, heard, replica } = replicaOf(upTo(9));
  api.floor = 8;
  replica.noteHead(2, 'one');
  replica.receive([placed(10)], 'one', 100);
  await clock.advanceAsync(200);
  expect(heard).toEqual(['reset 10', '10']);
  replica.receive([placed(11)], 'one', 100);
  expect(heard).toEqual(['reset 10', '10', '11']);
});

test('a copy of another epoch is taken for nothing until the API says which epoch it is', async () => {
  const { api, heard, replica } = replicaOf(upTo(5));
  replica.noteHead(9, 'one');
  api.epoch = 'two';
  replica.receive([placed(6)], 'two', 100);
  expect(heard).toEqual([]);
  await expect.poll(() => heard).toEqual(['restarted 5']);
  expect([replica.head, replica.epoch]).toEqual([5, 'two']);
  replica.receive([placed(6)], 'two', 100);
  expect(heard).toEqual(['restarted 5', '6']);
});

test('a claim that the log does not bear out is dropped', async () => {
  const { api, clock, heard, replica } = replicaOf(upTo(2));
  replica.noteHead(2, 'one');
  replica.noteHead(5, 'one', { now: true });
  await clock.advanceAsync(60_000);
  expect([heard, api.pages, clock.pending]).toEqual([[], 1, 0]);
});

test('a channel that the API does not know any more is deleted', async () => {
  const { api, clock, heard, replica } = replicaOf();
  replica.noteHead(0, 'one');
  api.error = new ParleyError('not_found', 'unable to read the log; there is no such channel');
  replica.receive([placed(2)], 'one', 100);
  await clock.advanceAsync(200);
  expect(heard).toEqual(['deleted']);
});

test('nothing before a newer kind of event is replayed from memory', () => {
  const { heard, replica } = replicaOf();
  replica.noteHead(0, 'one');
  replica.receive([placed(1), placed(2, newerLogged()), placed(3)], 'one', 100);
  expect(heard).toEqual(['1', '2', '3']);
  expect(replica.buffer.after(1)).toBeUndefined();
  expect(replica.buffer.after(2)?.map(({ seq }) => seq)).toEqual([3]);
});

test('a closed replica leaves no timer', async () => {
  const { clock, replica } = replicaOf();
  replica.noteHead(0, 'one');
  replica.receive([placed(2)], 'one', 100);
  replica.close();
  await clock.advanceAsync(1_000);
  expect(clock.pending).toBe(0);
});
