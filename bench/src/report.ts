import { cpus } from 'node:os';

/** One line of a table: a target, what was measured, and whether it holds. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean | null;
}

/** Prints the readable table on stderr and the whole as one JSON document on stdout, so that either can be kept. */
export function report(bench: string, rows: readonly Row[], details: Record<string, unknown>): void {
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    platform: process.platform,
    node: process.version,
  };
  for (const { what, measured, target, met } of rows) {
    const verdict = met === null ? '' : met ? 'met' : 'NOT met';
    process.stderr.write(`  ${what.padEnd(64)} ${measured.padEnd(36)} ${target.padEnd(14)} ${verdict}\n`);
  }
  process.stdout.write(`${JSON.stringify({ bench, at: new Date().toISOString(), machine, rows, details }, null, 2)}\n`);
}
