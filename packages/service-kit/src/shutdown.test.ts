import { EventEmitter } from 'node:events';
import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { recordingLogger } from '../test/recording-logger.ts';
import { createShutdown } from './shutdown.ts';

function newShutdown() {
  const clock = fakeClock();
  const { logger, faults } = recordingLogger();
  const signals = Object.assign(new EventEmitter(), { exit: vi.fn<(code: number) => void>() });
  return { shutdown: createShutdown({ logger, deadlineMs: 1_000, clock, signals }), clock, faults, signals };
}

const forever = () => new Promise<void>(() => undefined);

test('steps run in order, each after the one before, and only once', async () => {
  const { shutdown, clock } = newShutdown();
  const order: string[] = [];
  shutdown.add('first', async () => {
    await Promise.resolve();
    order.push('first');
  });
  shutdown.add('second', () => void order.push('second'));
  expect(await Promise.all([shutdown.run('test'), shutdown.run('again')])).toEqual([true, true]);
  expect(order).toEqual(['first', 'second']);
  expect(clock.pending).toBe(0);
});

test('a step that fails is logged and the next still runs', async () => {
  const { shutdown, faults } = newShutdown();
  const order: string[] = [];
  shutdown.add('throws', () => {
    throw new Error('broken');
  });
  shutdown.add('rejects', () => Promise.reject(new Error('broken')));
  shutdown.add('last', () => void order.push('last'));
  expect(await shutdown.run('test')).toBe(false);
  expect(order).toEqual(['last']);
  expect(faults).toEqual(['a step of the shutdown failed', 'a step of the shutdown failed']);
});

test('past the deadline the step in hand is left and the rest are started', async () => {
  const { shutdown, clock, faults } = newShutdown();
  const order: string[] = [];
  shutdown.add('hangs', forever);
  shutdown.add('hangs too', () => {
    order.push('hangs too');
    return forever();
  });
  shutdown.add('last', () => void order.push('last'));
  const ran = shutdown.run('test');
  await clock.advanceAsync(999);
  expect(order).toEqual([]);
  await clock.advanceAsync(1);
  expect(await ran).toBe(false);
  expect(order).toEqual(['hangs too', 'last']);
  expect(faults).toEqual(['the shutdown took too long; leaving the step in hand']);
});

test('a signal stops the service and exits', async () => {
  const { shutdown, signals } = newShutdown();
  const step = vi.fn();
  shutdown.add('step', step);
  shutdown.onSignals();
  signals.emit('SIGTERM');
  await vi.waitFor(() => expect(signals.exit.mock.calls).toEqual([[0]]));
  expect(step).toHaveBeenCalledOnce();
});

test('an impatient second signal exits at once with 1', async () => {
  const { shutdown, signals } = newShutdown();
  shutdown.add('hangs', forever);
  shutdown.onSignals();
  signals.emit('SIGINT');
  expect(signals.exit).not.toHaveBeenCalled();
  signals.emit('SIGINT');
  expect(signals.exit.mock.calls).toEqual([[1]]);
});

test('a shutdown that went wrong exits with 1, and undone listeners hear nothing', async () => {
  const { shutdown, signals } = newShutdown();
  shutdown.add('fails', () => Promise.reject(new Error('broken')));
  shutdown.onSignals()();
  signals.emit('SIGINT');
  expect(signals.listenerCount('SIGINT')).toBe(0);
  shutdown.onSignals();
  signals.emit('SIGTERM');
  await vi.waitFor(() => expect(signals.exit.mock.calls).toEqual([[1]]));
});
