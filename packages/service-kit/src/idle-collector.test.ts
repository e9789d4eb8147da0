import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { createIdleCollector } from './idle-collector.ts';

const mebibyte = 1_048_576;

function setUp() {
  const clock = fakeClock();
  const state = { utilization: 0, rss: 100 * mebibyte };
  const collect = vi.fn(() => {
    state.rss = 110 * mebibyte;
  });
  const collector = createIdleCollector({
    clock,
    utilization: () => state.utilization,
    residentBytes: () => state.rss,
    collect,
  });
  return { clock, state, collect, collector };
}

test('what a burst took is given back once the process is idle', () => {
  const { clock, state, collect } = setUp();
  state.rss = 300 * mebibyte;
  state.utilization = 0.5;
  clock.advance(30_000);
  expect(collect).not.toHaveBeenCalled();
  state.utilization = 0.01;
  clock.advance(10_000);
  expect(collect).toHaveBeenCalledTimes(1);
  // Nothing has come on top since.
  clock.advance(60_000);
  expect(collect).toHaveBeenCalledTimes(1);
});

test('what was in use at one collection and is free since does not hide the next burst', () => {
  const { clock, state, collect } = setUp();
  state.rss = 400 * mebibyte;
  collect.mockImplementationOnce(() => {});
  clock.advance(10_000);
  expect(collect).toHaveBeenCalledTimes(1);
  state.rss = 120 * mebibyte;
  clock.advance(10_000);
  state.rss = 400 * mebibyte;
  clock.advance(10_000);
  expect(collect).toHaveBeenCalledTimes(2);
});

test('a process that has taken nothing is left alone, and one that was closed too', () => {
  const { clock, state, collect, collector } = setUp();
  clock.advance(60_000);
  state.rss = 300 * mebibyte;
  collector.close();
  clock.advance(60_000);
  expect(collect).not.toHaveBeenCalled();
});

test('the collector of the engine is found', () => {
  const clock = fakeClock();
  let rss = 0;
  createIdleCollector({ clock, utilization: () => 0, residentBytes: () => (rss += 64 * mebibyte) });
  expect(() => clock.advance(10_000)).not.toThrow();
});
