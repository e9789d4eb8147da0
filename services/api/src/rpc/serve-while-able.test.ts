import { silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { serveWhileAble } from './serve-while-able.ts';

function node() {
  const clock = fakeClock();
  let serving = 0;
  let begun = 0;
  let why: Error | null = null;
  const server = serveWhileAble({
    serve() {
      serving += 1;
      begun += 1;
      return {
        ready: Promise.resolve(),
        async close() {
          serving -= 1;
        },
      };
    },
    able: async () => {
      if (why !== null) throw why;
    },
    clock,
    logger: silentLogger(),
  });
  return {
    clock,
    server,
    cut: () => {
      why = new Error('the database is away');
    },
    heal: () => {
      why = null;
    },
    serving: () => serving,
    begun: () => begun,
  };
}

test('a node that cannot reach its database leaves the questions to others, and takes its share again when it can', async () => {
  const { clock, cut, heal, serving, begun } = node();
  await clock.advanceAsync(5_000);
  expect([serving(), begun()]).toEqual([1, 1]);
  cut();
  await clock.advanceAsync(4_000);
  expect(serving()).toBe(0);
  heal();
  await clock.advanceAsync(1_000);
  expect([serving(), begun()]).toEqual([1, 2]);
});

test('a busy moment changes nothing', async () => {
  const { clock, cut, heal, begun } = node();
  cut();
  await clock.advanceAsync(3_000);
  heal();
  await clock.advanceAsync(5_000);
  expect(begun()).toBe(1);
});

test('after close nothing is answered and nothing is waited for', async () => {
  const { clock, server, serving, cut, heal } = node();
  cut();
  await clock.advanceAsync(4_000);
  heal();
  await server.close();
  await clock.advanceAsync(5_000);
  expect([serving(), clock.pending]).toEqual([0, 0]);
});
