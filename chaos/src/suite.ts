import type { Breach, Violation } from './checker/state.ts';
import type { Fault } from './fault.ts';
import { createRandom } from './random.ts';
import type { Worlds } from './world/worlds.ts';

/** What came of one fault over all its runs. */
export interface Row {
  readonly fault: string;
  readonly title: string;
  readonly runs: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** All other breaches. */
  readonly other: number;
  /** The slowest run; null when one never converged, or where the fault has nobody to converge. */
  readonly convergedMs: number | null;
  readonly seeds: readonly number[];
  readonly figures: readonly Readonly<Record<string, number | string>>[];
  readonly violations: readonly (Violation & { readonly seed: number })[];
  readonly seconds: number;
  readonly passed: boolean;
}

export interface SuiteOptions {
  readonly faults: readonly Fault[];
  readonly worlds: Worlds;
  readonly seed: number;
  /** Overrides how often each is run. */
  readonly runs?: number | undefined;
  readonly short: boolean;
  readonly log: (line: string) => void;
}

/** Runs faults one after the other. A run's seed follows from the first one, and given as the first one repeats the run. */
export async function runSuite(options: SuiteOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const fault of options.faults) {
    const runs = options.runs ?? (options.short ? fault.runs.short : fault.runs.full);
    if (runs > 0) rows.push(await runFault(fault, runs, options));
  }
  return rows;
}

async function runFault(fault: Fault, runs: number, { worlds, seed, short, log }: SuiteOptions): Promise<Row> {
  const startedAt = performance.now();
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const violations: Row['violations'][number][] = [];
  const figures: Row['figures'][number][] = [];
  const converged: (number | null)[] = [];
  let acknowledged = 0;
  for (const own of seeds) {
    const say = (line: string) => log(`${fault.id} seed ${own}: ${line}`);
    const random = createRandom(own).fork(fault.id);
    const result = await fault.run({ random, short, worlds, log: say }).catch((error: unknown) => {
      // What was borrowed may be in any state.
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { acknowledged: 0, violations: [{ breach: 'promise', detail } as const], convergedMs: null, figures: {} };
    });
    acknowledged += result.acknowledged;
    violations.push(...result.violations.map((violation) => ({ ...violation, seed: own })));
    figures.push(result.figures);
    converged.push(result.convergedMs);
    for (const { breach, detail } of result.violations) say(`${breach}: ${detail}`);
    if (result.violations.length > 0) await worlds.close();
  }
  const times = converged.filter((ms) => ms !== null);
  const count = (...kinds: Breach[]) => violations.filter(({ breach }) => kinds.includes(breach)).length;
  return {
    fault: fault.id,
    title: fault.title,
    runs,
    acknowledged,
    lost: count('lost'),
    duplicated: count('duplicated'),
    reordered: count('reordered'),
    other: count('phantom', 'diverged', 'unread', 'crossed', 'promise'),
    convergedMs: times.length === runs ? Math.max(...times) : null,
    seeds,
    figures,
    violations,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    passed: violations.length === 0,
  };
}
