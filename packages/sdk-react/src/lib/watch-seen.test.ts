import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeSight } from '../../test/fake-sight.ts';
import { watchSeen } from './watch-seen.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Messages 1 to `count` in a list; those up to `read` are read. What was seen is read, unless the server refuses. */
function watchedList({ count = 3, read = 0, height = 40 } = {}) {
  const sight = fakeSight(height);
  document.body.innerHTML = '<section><div class="parley-scroller"><ol></ol></div></section>';
  const [list, scroller] = [
    document.querySelector('ol'),
    document.querySelector<HTMLElement>('[class="parley-scroller"]'),
  ];
  if (list === null || scroller === null) throw new Error('the page has no list');
  Object.defineProperty(scroller, 'clientHeight', { value: 400 });
  const seen: number[] = [];
  const state = { read, refuses: false, inSight: false };
  const add = (seq: number) => {
    const row = document.createElement('li');
    row.dataset['messageId'] = String(seq);
    list.append(row);
    return row;
  };
  for (let seq = 1; seq <= count; seq += 1) add(seq);
  const stop = watchSeen({
    list,
    scroller,
    unreadSeqOf: (id) => (Number(id) > state.read ? Number(id) : 0),
    async onSeen(seq) {
      seen.push(seq);
      if (state.refuses) throw new Error('unavailable');
      state.read = seq;
    },
    onInSight: (inSight) => {
      state.inSight = inSight;
    },
  });
  const only = (shown: Record<number, number>) => (target: Element) =>
    target instanceof HTMLElement ? (shown[Number(target.dataset['messageId'])] ?? 0) : 0;
  return { sight, list, seen, state, add, stop, only };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('what is in view for a moment is seen, up to the newest of it', async () => {
  const { sight, seen, only } = watchedList();
  sight.show(only({ 1: 40, 2: 40 }));
  await pass(299);
  expect(seen).toEqual([]);
  await pass(1);
  expect(seen).toEqual([2]);
  await pass(60_000);
  expect(seen).toEqual([2]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what only passes by is not seen', async () => {
  const { sight, seen, only } = watchedList();
  sight.show(only({ 1: 40 }));
  await pass(200);
  sight.show(only({ 2: 40 }));
  await pass(200);
  sight.show(only({}));
  await pass(60_000);
  expect(seen).toEqual([]);
});

test.each([
  { height: 40, pixels: 18, isSeen: false },
  { height: 40, pixels: 20, isSeen: true },
  { height: 2_000, pixels: 190, isSeen: false },
  { height: 2_000, pixels: 200, isSeen: true },
])('$pixels px of a message that is $height px high: $isSeen', async ({ height, pixels, isSeen }) => {
  const { sight, seen, only } = watchedList({ height });
  sight.show(only({ 3: pixels }));
  await pass(1_000);
  expect(seen).toEqual(isSeen ? [3] : []);
});

test('what something lies over is seen once that is gone', async () => {
  const { sight, seen, state } = watchedList();
  sight.cover(true);
  await pass(10_000);
  expect([seen, state.inSight]).toEqual([[], true]);
  sight.cover(false);
  await pass(300);
  expect(seen).toEqual([3]);
});

test('what is invisible is not seen', async () => {
  const { seen, list } = watchedList();
  const rows = [...list.children];
  for (const row of rows) row.checkVisibility = (options) => options?.opacityProperty !== true;
  await pass(10_000);
  expect(seen).toEqual([]);
});

test('messages that arrive are watched, those that were read are not', async () => {
  const { sight, seen, add } = watchedList({ count: 3, read: 2 });
  const watched = () => sight.observed().flatMap((each) => each.getAttribute('data-message-id') ?? []);
  expect(watched()).toEqual(['3']);
  await pass(300);
  add(4);
  await pass(300);
  expect([seen, watched()]).toEqual([
    [3, 4],
    ['3', '4'],
  ]);
});

test('what goes before its moment is over is not seen', async () => {
  const { seen, add } = watchedList({ read: 3 });
  const row = add(4);
  await pass(100);
  row.remove();
  await pass(10_000);
  expect(seen).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what could not be marked is marked later, not at once', async () => {
  const { seen, state } = watchedList();
  state.refuses = true;
  await pass(300);
  expect(seen).toEqual([3]);
  await pass(4_900);
  expect(seen).toEqual([3]);
  state.refuses = false;
  await pass(100);
  expect(seen).toEqual([3, 3]);
});

test('a list that nobody watches any more leaves no timer and no observer, and is out of sight', async () => {
  const { sight, seen, state, stop } = watchedList();
  await pass(100);
  stop();
  await pass(60_000);
  expect([seen, sight.observed(), state.inSight, vi.getTimerCount()]).toEqual([[], [], false, 0]);
});

test('where nobody can say what is in view, nothing is seen', async () => {
  const { stop, state } = watchedList();
  stop();
  vi.stubGlobal('IntersectionObserver', undefined);
  const onSeen = vi.fn();
  const [list, scroller] = [document.createElement('ol'), document.createElement('div')];
  watchSeen({ list, scroller, unreadSeqOf: () => 1, onSeen, onInSight: () => {} })();
  await pass(60_000);
  expect([onSeen.mock.calls, state.read]).toEqual([[], 0]);
});
