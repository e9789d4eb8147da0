import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { createFaultyBus, fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { Canary } from './canary.ts';
import { LoopbackClient } from './loopback-client.ts';
import { mendedBus } from './mended-bus.ts';

test('whoever waits for the bus to be back is told when a silent loss is over, and until it waits no more', () => {
  const inner = createFaultyBus(createMemoryBus());
  const bus = mendedBus(inner);
  const told: boolean[] = [];
  const undo = bus.onStatus((connected) => told.push(connected));
  bus.mended();
  inner.cut();
  inner.heal();
  expect(told).toEqual([true, false, true]);
  undo();
  bus.mended();
  inner.cut();
  expect(told).toHaveLength(3);
});

test('the canary says so once, when it hears again', async () => {
  const clock = fakeClock();
  const bus = createMemoryBus();
  // Nobody listens at that address, so that only this test lets probes through.
  const client = new LoopbackClient({ url: 'ws://127.0.0.1:9/graphql', token: 'secret' });
  const onMended = vi.fn();
  const published = vi.spyOn(bus, 'publish');
  const health = { register: () => () => undefined };
  const canary = new Canary({ bus, client, clock, health, logger: silentLogger(), nodeId: 'ada', onMended });
  await clock.advanceAsync(10_000);
  expect(canary.paths()).toMatchObject([{ nodeId: 'ada', broken: true }]);
  expect(onMended).not.toHaveBeenCalled();

  const { parentId } = JSON.parse(published.mock.lastCall?.[1] ?? '').events[0];
  for (const listener of client.listeners) listener.probe?.({ nodeId: 'ada', probeId: parentId });
  await clock.advanceAsync(3_000);
  expect(onMended).toHaveBeenCalledOnce();
  canary.close();
  await bus.close();
});
