import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';

/** Options of a run of the suite. */
export interface RunOptions {
  readonly faults: readonly Fault[];
  /** Absent: draw one. */
  readonly seed: number | undefined;
  readonly runs: number | undefined;
  readonly short: boolean;
  readonly json: boolean;
  /** Every fault, as often and as long as it should be. */
  readonly whole: boolean;
}

/** A sentence for whoever typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads `[F1 F5b …] [--seed N] [--runs N] [--short] [--json]`; `F5` stands for all its variants. @throws UsageError */
export function readOptions(args: readonly string[], known: readonly Fault[]): RunOptions {
  const { values, positionals } = parse(args);
  const chosen = positionals.map((name) => {
    const some = known.filter(({ id }) => matches(id, name));
    if (some.length > 0) return some;
    throw new UsageError(`unable to run fault ${name}; there are: ${known.map(({ id }) => id).join(', ')}`);
  });
  const asked = new Set(chosen.flat());
  const runs = wholeNumber('runs', values.runs);
  return {
    faults: chosen.length === 0 ? known : known.filter((fault) => asked.has(fault)),
    seed: wholeNumber('seed', values.seed),
    runs,
    short: values.short,
    json: values.json,
    whole: chosen.length === 0 && runs === undefined && !values.short,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seed: { type: 'string' },
        runs: { type: 'string' },
        short: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`unable to run the faults; ${why}`, { cause: error });
  }
}

function matches(id: string, name: string): boolean {
  const [own, wanted] = [id.toUpperCase(), name.toUpperCase()];
  return own === wanted || (own.startsWith(wanted) && /^[A-Z]$/.test(own.slice(wanted.length)) && /\d$/.test(wanted));
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`unable to use --${name} ${text}; it is a whole number`);
  return Number(text);
}
