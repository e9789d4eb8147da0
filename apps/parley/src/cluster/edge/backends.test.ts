import { silentLogger } from '@parley/service-kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Backends, createBackends } from './backends.ts';

let faults: Record<string, string | undefined>;
let backends: Backends;

beforeEach(() => {
  vi.useFakeTimers();
  faults = {};
  const names = ['api-0', 'api-1', 'api-2'];
  backends = createBackends({
    nodes: names.map((name, index) => ({ name, url: `http://127.0.0.1:${4_000 + index}` })),
    logger: silentLogger(),
    probe: async (url) => faults[url.slice(-1)],
  });
  for (const name of names) backends.ready(name);
});
afterEach(() => {
  backends.close();
  vi.useRealTimers();
});

const order = () => backends.candidates().map(({ name }) => name);
const looks = (count: number) => vi.advanceTimersByTimeAsync(count * 500);
const downs = () => backends.all.filter(({ fault }) => fault !== undefined).map(({ name }) => name);

test('each is first in its turn, and every other comes after it once', () => {
  const orders = [order(), order(), order(), order()];
  expect(new Set(orders.slice(0, 3).map(([first]) => first)).size).toBe(3);
  expect(orders[3]).toEqual(orders[0]);
  for (const one of orders) expect([...one].sort()).toEqual(['api-0', 'api-1', 'api-2']);
});

test('one that says it is not ready is passed over until it says that it is', async () => {
  faults['1'] = 'it says that it is not ready (503)';
  await looks(1);
  expect(order()).not.toContain('api-1');
  delete faults['1'];
  await looks(1);
  expect(order()).toContain('api-1');
});

test('one that refuses a connection is passed over from then on', async () => {
  const [refusing] = backends.candidates();
  if (refusing !== undefined) backends.refused(refusing);
  expect(downs()).toEqual([refusing?.name]);
  expect(order()).not.toContain(refusing?.name);
  await looks(1);
  expect(downs()).toEqual([]);
});

test('an answer that is late once is forgiven, twice is not', async () => {
  faults['0'] = 'no answer within 1500 ms';
  await looks(1);
  expect(downs()).toEqual([]);
  await looks(1);
  expect(downs()).toEqual(['api-0']);
});

test('when none is ready all are tried: one may have become so', async () => {
  for (const node of ['0', '1', '2']) faults[node] = 'ECONNREFUSED';
  await looks(1);
  expect(downs()).toHaveLength(3);
  expect(order()).toHaveLength(3);
});

test('one that leaves gets nothing more, and is waited for until what was sent has begun to be answered', async () => {
  const leaving = backends.all[2];
  if (leaving === undefined) throw new Error('there are three');
  const arrived = backends.sending(leaving);
  const left = vi.fn();
  const leave = backends.leave(leaving.name).then(left);
  await vi.advanceTimersByTimeAsync(100);
  expect(order()).not.toContain(leaving.name);
  expect(left).not.toHaveBeenCalled();
  arrived();
  arrived();
  await vi.advanceTimersByTimeAsync(100);
  await leave;
  // A look that finds it still answering does not bring it back; its next start does.
  await looks(2);
  expect(order()).not.toContain(leaving.name);
  backends.ready(leaving.name);
  expect(order()).toContain(leaving.name);
});
