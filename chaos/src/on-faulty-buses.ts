import { createFaultyBus, type FaultyBus } from '@parley/testkit';
import type { RunContext, RunResult } from './fault.ts';
import { runUnderLoad, type Stage } from './under-load.ts';
import type { InsideWorld } from './world/inside.ts';

/** By the name of the node, `api-0` or `fanout-1`. */
export type FaultyBuses = ReadonlyMap<string, FaultyBus>;

/** As {@link runUnderLoad}, in a world inside this process in which every node has a bus of its own that can be broken. */
export function runOnFaultyBuses(
  context: RunContext,
  inflict: (stage: Stage<InsideWorld>, buses: FaultyBuses) => Promise<void>,
): Promise<RunResult> {
  const buses = new Map<string, FaultyBus>();
  return runUnderLoad(context, {
    open: ({ worlds }) =>
      worlds.inside({
        wrapBus(node, bus) {
          const faulty = createFaultyBus(bus);
          buses.set(node, faulty);
          return faulty;
        },
      }),
    release: (world) => world.close(),
    inflict: (stage) => inflict(stage, buses),
  });
}
