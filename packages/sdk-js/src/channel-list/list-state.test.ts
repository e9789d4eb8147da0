import { buildChannel, buildInboxEvent, buildMessage } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import type { ChannelSummary } from './channel-list.ts';
import { type ListEffect, type ListInput, newList, nextList } from './list-state.ts';
import { defaultSort } from './order.ts';

const rules = { filter: undefined, sort: defaultSort };
const summary = (key: string, seq: number): ChannelSummary => ({
  id: `messaging:${key}`,
  data: buildChannel({ id: `messaging:${key}`, seq, lastMessageAt: `2026-01-01T00:00:0${seq}.000Z` }),
  lastMessage: null,
  unreadCount: 0,
  unreadMentions: 0,
  readSeq: 0,
  membership: null,
  members: [],
  capabilities: [],
});
const page = (...items: readonly ChannelSummary[]) => ({ items, hasMore: false, cursor: 'end' });
const load = (generation: number): ListInput => ({ name: 'load', generation });
const loaded = (generation: number, ...items: readonly ChannelSummary[]): ListInput => ({
  name: 'loaded',
  generation,
  page: page(...items),
});
const watched: ListInput = { name: 'watched', synced: true, epoch: 'one' };
const ended: ListInput = { name: 'load-ended' };
const ready = [watched, load(1), loaded(1, summary('b', 2), summary('a', 1)), ended];
const bumped = (key: string, seq: number): ListInput => ({
  name: 'inbox',
  event: buildInboxEvent('ChannelBumped', {
    channelId: `messaging:${key}`,
    seq,
    lastMessage: buildMessage({ seq, createdAt: `2026-01-01T00:00:0${seq}.000Z` }),
  }),
});

function play(...inputs: readonly ListInput[]) {
  let state = newList;
  const effects: ListEffect[] = [];
  for (const input of inputs) {
    const [next, done] = nextList(rules, state, input);
    state = next;
    effects.push(...done);
  }
  return {
    state,
    effects,
    names: effects.map(({ name }) => name),
    keys: state.shown.items.map(({ data }) => data.key),
  };
}

test('a watched list is loaded, shown, and then shows what is followed here', () => {
  const { names, state, keys } = play(...ready);
  expect(names).toEqual(['load', 'show-followed']);
  expect(state.shown.status).toBe('ready');
  expect(keys).toEqual(['b', 'a']);
});

test('the page of an older load is dropped', () => {
  const { keys } = play(watched, load(1), load(2), loaded(2, summary('new', 1)), loaded(1, summary('old', 1)), ended);
  expect(keys).toEqual(['new']);
});

test('a channel that is shown moves up with a new message, and nobody is asked', () => {
  const { keys, names } = play(...ready, bumped('a', 3));
  expect(keys).toEqual(['a', 'b']);
  expect(names).not.toContain('set-timer');
});

test('about a channel that is not shown the API is asked, with those of the next 50 ms', () => {
  const { effects, state } = play(...ready, bumped('c', 3), bumped('d', 3), { name: 'due' });
  expect(effects.filter(({ name }) => name === 'set-timer')).toEqual([
    { name: 'set-timer', ms: 50 },
    { name: 'set-timer', ms: 50 },
  ]);
  expect(effects.at(-1)).toEqual({ name: 'ask', generation: 1, ids: ['messaging:c', 'messaging:d'] });
  expect(state.asking.size).toBe(2);
});

test('one question is under way at a time', () => {
  const asking = play(...ready, bumped('c', 3), { name: 'due' }, bumped('d', 3));
  expect(asking.effects.at(-1)?.name).toBe('ask');
  expect(asking.state.timer).toBe(false);
  const answered = play(...ready, bumped('c', 3), { name: 'due' }, bumped('d', 3), {
    name: 'answered',
    generation: 1,
    items: [summary('c', 3)],
  });
  expect(answered.keys).toEqual(['c', 'b', 'a']);
  expect(answered.effects.at(-1)).toEqual({ name: 'set-timer', ms: 50 });
});

test('an answer that was asked for before a newer page is dropped', () => {
  const { keys } = play(
    ...ready,
    bumped('c', 3),
    { name: 'due' },
    load(2),
    loaded(2, summary('a', 1)),
    { name: 'answered', generation: 1, items: [summary('c', 3)] },
    ended,
  );
  expect(keys).toEqual(['a']);
});

test('a channel that the answer lacks is let go', () => {
  const { keys } = play(...ready, {
    name: 'inbox',
    event: buildInboxEvent('ChannelLeft', { channelId: 'messaging:a' }),
  });
  expect(keys).toEqual(['b']);
});

test('over a hundred channels to ask about are a page to load', () => {
  const many = Array.from({ length: 101 }, (_, index) => bumped(`c${index}`, 3));
  const { names, state } = play(...ready, ...many);
  expect(names.filter((name) => name === 'load')).toHaveLength(2);
  expect(state.again).toBe(true);
});

test('a log that was set back is a list to load', () => {
  const synced = (epoch: string): ListInput => ({ name: 'inbox', event: buildInboxEvent('InboxSynced', { epoch }) });
  expect(play(...ready, synced('one')).names.at(-1)).toBe('show-followed');
  expect(play(...ready, synced('two')).names.at(-1)).toBe('load');
});

test('an unknown event of the inbox changes nothing', () => {
  const unknown = { __typename: '%other', at: '2026-01-01T00:00:00.000Z', cursor: 'c' } as const;
  const before = play(...ready).state;
  expect(nextList(rules, before, { name: 'inbox', event: unknown })).toEqual([before, []]);
});
