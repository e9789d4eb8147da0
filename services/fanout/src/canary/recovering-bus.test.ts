import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { createFaultyBus, fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { Canary } from './canary.ts';
import { LoopbackClient } from './loopback-client.ts';
import { recoveringBus } from './recovering-bus.ts';

test('a listener for the return of the bus hears of the end of a silent loss, until it unsubscribes', () => {
  const inner = createFaultyBus(createMemoryBus());
  const bus = recoveringBus(inner);
  const heard: boolean[] = [];
  const unsubscribe = bus.onStatus((connected) => heard.push(connected));
  bus.recovered();
  inner.cut();
  inner.heal();
  expect(heard).toEqual([true, false, true]);
  unsubscribe();
  bus.recovered();
  inner.cut();
  expect(heard).toHaveLength(3);
});

test('the canary says so once, when it hears again', async () => {
  const clock = fakeClock();
  const bus = createMemoryBus();
  // Nobody listens at that address, so that only this test lets probes through.
  const client = new LoopbackClient({ url: 'ws://127.0.0.1:9/graphql', token: 'secret' });
  const onRecovered = vi.fn();
  const published = vi.spyOn(bus, 'publish');
  const health = { register: () => () => undefined };
  const canary = new Canary({ bus, client, clock, health, logger: silentLogger(), nodeId: 'ada', onRecovered });
  await clock.advanceAsync(10_000);
  expect(canary.paths()).toMatchObject([{ nodeId: 'ada', broken: true }]);
  expect(onRecovered).not.toHaveBeenCalled();

  const { parentId } = JSON.parse(published.mock.lastCall?.[1] ?? '').events[0];
  for (const listener of client.listeners) listener.probe?.({ nodeId: 'ada', probeId: parentId });
  await clock.advanceAsync(3_000);
  expect(onRecovered).toHaveBeenCalledOnce();
  canary.close();
  await bus.close();
});
