import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { type Outcome, writeResults } from './results-page.ts';

/** One line of a table: a target, what was measured, and whether it holds. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  /** Null: there is no target, it is there to compare. */
  readonly met: boolean | null;
}

const results = new URL('../results/', import.meta.url);

/**
 * Prints the readable table on stderr and the whole as one JSON document on stdout, so that either can be kept. With `--save` the document is kept in
 * bench/results, and the table of bench/RESULTS.md is made anew.
 */
export function report(bench: string, rows: readonly Row[], details: Record<string, unknown>): void {
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  for (const { what, measured, target, met } of rows)
    process.stderr.write(`  ${what.padEnd(72)} ${measured.padEnd(44)} ${target.padEnd(18)} ${verdictOf(met)}\n`);
  const outcome: Outcome = { bench, at: new Date().toISOString(), machine, rows, details };
  const text = `${JSON.stringify(outcome, null, 2)}\n`;
  process.stdout.write(text);
  if (!process.argv.includes('--save')) return;
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL(`${bench}.json`, results), text);
  writeResults(results);
}

const verdictOf = (met: boolean | null): string => (met === null ? '' : met ? 'met' : 'NOT met');
