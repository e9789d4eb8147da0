import type { Fault } from '../fault.ts';
import { runUnderLoad } from '../under-load.ts';

/** No fault at all: what is found here is wrong with the suite, or with everything. */
export const nothing: Fault = {
  id: 'F0',
  title: 'nothing happens',
  runs: { full: 1, short: 1 },
  run: (context) =>
    runUnderLoad(context, {
      open: ({ worlds }) => worlds.inside(),
      release: (world) => world.close(),
      inflict: ({ wait, short }) => wait(short ? 1_000 : 10_000),
    }),
};
