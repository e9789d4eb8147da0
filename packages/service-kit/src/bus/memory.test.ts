import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { busContract, roundTrip } from '../../test/bus-contract.ts';
import { recordingLogger } from '../../test/recording-logger.ts';
import { createMemoryBus } from './memory.ts';

busContract('memory bus', async () => {
  const { logger, faults } = recordingLogger();
  const shared = createMemoryBus({ logger });
  return { bus: async () => shared, faults, close: () => shared.close() };
});

test('a deadline passes by the given clock and leaves no timer behind', async () => {
  const clock = fakeClock();
  const bus = createMemoryBus({ clock });
  bus.respond('parley.slow', 'q', () => new Promise(() => undefined));
  bus.respond('parley.fast', 'q', async () => 'yes');
  expect(await bus.request('parley.fast', '', { timeoutMs: 1_000 })).toBe('yes');
  expect(clock.pending).toBe(0);
  const request = bus.request('parley.slow', '', { timeoutMs: 1_000 }).catch((error: unknown) => error);
  await clock.advanceAsync(999);
  expect(clock.pending).toBe(1);
  await clock.advanceAsync(1);
  expect(await request).toMatchObject({ code: 'timeout' });
});

test('two subscribers that answer each other for ever do not starve timers', async () => {
  const bus = createMemoryBus();
  bus.subscribe('parley.ping', () => void bus.publish('parley.pong', ''));
  bus.subscribe('parley.pong', () => void bus.publish('parley.ping', ''));
  await bus.publish('parley.ping', '');
  await new Promise((resolve) => setTimeout(resolve, 1));
  await bus.close();
});

test('a subscriber added while a message is on its way does not get it', async () => {
  const bus = createMemoryBus();
  const seen: string[] = [];
  const published = bus.publish('parley.a', 'before');
  bus.subscribe('parley.a', (payload) => seen.push(payload));
  await published;
  await roundTrip(bus);
  expect(seen).toEqual([]);
});
