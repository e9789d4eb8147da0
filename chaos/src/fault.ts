import type { Violation } from './checker/state.ts';
import type { Random } from './random.ts';
import type { Worlds } from './world/worlds.ts';

/** What one run of a fault is given. */
export interface RunContext {
  /** Every choice of the run is drawn from it. */
  readonly random: Random;
  /** Small sizes and short faults, for `npm test`. */
  readonly short: boolean;
  /** Lends worlds, so that runs that need the same kind use the same one. */
  readonly worlds: Worlds;
  /** Says how it goes, to whoever looks on. */
  readonly log: (line: string) => void;
}

/** What one run found. */
export interface RunResult {
  /** Sends that were acknowledged. */
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
  /** From the end of the fault until everybody had everything, in ms; null when it never was so, or where there is nobody to have it. */
  readonly convergedMs: number | null;
  /** What else was measured, by name. */
  readonly figures: Readonly<Record<string, number | string>>;
}

/** One row of the fault table. */
export interface Fault {
  /** `F1`, or `F3b` for a variant. */
  readonly id: string;
  /** What happens, in a few words. */
  readonly title: string;
  /** How often it is run unless told otherwise; 0 in `short` leaves it out of `npm test`. */
  readonly runs: { readonly full: number; readonly short: number };
  run(context: RunContext): Promise<RunResult>;
}
