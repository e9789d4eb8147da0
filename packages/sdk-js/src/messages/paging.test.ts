import { buildEvent } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import { message, pageOf } from '../../test/fake-channel.ts';
import type { PageArguments } from './message-page.ts';
import { createPaging } from './paging.ts';

/** A timeline of 6,000, of which the newest messages are loaded. */
function longTimeline() {
  const timeline = Array.from({ length: 6_000 }, (_, index) => message(index + 1));
  const asked: PageArguments[] = [];
  const paging = createPaging({
    ask: async (page) => {
      asked.push(page);
      return pageOf(timeline, page);
    },
    userId: () => 'ada',
    changed: () => {},
  });
  paging.reset(pageOf(timeline, { last: 30 }));
  const receive = () => {
    const next = message(timeline.length + 1);
    timeline.push(next);
    paging.apply(buildEvent('MessageCreated', { seq: next.seq, message: next }));
  };
  const shown = () => {
    const seqs = paging.window.timeline.map(({ seq }) => seq);
    const from = seqs[0] ?? 0;
    expect(seqs).toEqual(seqs.map((_, index) => from + index));
    return [from, seqs.at(-1)];
  };
  const loaded = () => paging.window.timeline.length;
  return { paging, asked, receive, shown, loaded };
}

test('whoever pages back for long keeps what is on the screen: the newest messages are let go, and come back by paging on', async () => {
  const { paging, receive, shown, loaded } = longTimeline();
  while (loaded() < 4_980) await paging.load('older');
  await paging.load('older');
  expect(shown()).toEqual([971, 5_470]);
  receive();
  expect(shown()).toEqual([971, 5_470]);
  await paging.load('older');
  await paging.load('newer');
  expect(shown()).toEqual([921, 5_494]);
  while (paging.window.newer.more) await paging.load('newer');
  receive();
  expect(shown()).toEqual([shown()[0], 6_002]);
});

test('whoever is at the end keeps the end: the oldest messages are let go, and come back by paging back', async () => {
  const { paging, receive, shown, loaded } = longTimeline();
  while (loaded() < 4_980) await paging.load('older');
  await paging.jumpToNewest();
  for (let count = 0; count < 21; count += 1) receive();
  expect(shown()).toEqual([1_522, 6_021]);
  await paging.load('older');
  expect(shown()).toEqual([1_497, 6_021]);
});

test('a reader far up keeps the place when what is new makes the list too long', async () => {
  const { paging, receive, shown, loaded } = longTimeline();
  while (loaded() < 4_980) await paging.load('older');
  for (let count = 0; count < 21; count += 1) receive();
  expect(shown()).toEqual([1_021, 5_520]);
  expect(paging.window.newer.more).toBe(true);
});

test('a page on its way for an end that was let go is not joined', async () => {
  const { paging, receive, shown, loaded } = longTimeline();
  while (loaded() < 4_980) await paging.load('older');
  await paging.jumpToNewest();
  for (let count = 0; count < 20; count += 1) receive();
  const loading = paging.load('older');
  const atEnd = paging.jumpToNewest();
  receive();
  await Promise.all([loading, atEnd]);
  expect(shown()).toEqual([1_522, 6_021]);
});
