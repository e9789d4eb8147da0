import type { Fault } from '../fault.ts';
import { runUnderLoad, type Stage } from '../under-load.ts';
import type { ProcessOptions, ProcessWorld } from '../world/processes.ts';

/** What faults of one family have in common. */
interface Family {
  readonly world?: ProcessOptions;
  /** How often a run inflicts it. */
  readonly rounds?: { readonly full: number; readonly short: number };
  readonly judge?: (stage: Stage<ProcessWorld>) => void;
}

const once = { full: 1, short: 1 };

/** Makes faults of a family, of nodes that are processes. `short`: how often `npm test` runs it. */
export const processFaults =
  ({ world, rounds = once, judge }: Family) =>
  (id: string, title: string, short: number, inflict: (stage: Stage<ProcessWorld>) => Promise<void>): Fault => ({
    id,
    title,
    runs: { full: 1, short },
    run: (context) =>
      runUnderLoad<ProcessWorld>(context, {
        open: ({ worlds }) => worlds.processes(world),
        async inflict(stage) {
          for (let round = 0; round < (stage.short ? rounds.short : rounds.full); round += 1) await inflict(stage);
        },
        ...(judge === undefined ? {} : { judge }),
      }),
  });
