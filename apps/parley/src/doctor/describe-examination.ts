import type { Examination } from './examine.ts';

/** An examination as a table for people. */
export function describeExamination({ ok, url, firstFailure, cure, steps, report }: Examination): string {
  const rows = steps.map((step) => row(step.step, step.ok, step.ms, step.found));
  const hops = report?.hops.map((hop) => row(`  ${hop.hop}`, hop.ok, hop.ms, hop.error ?? '')) ?? [];
  const asked = report === null ? [] : [rowOf('  api', report.api), rowOf('  postgres', report.postgres)];
  const at = steps.findIndex(({ step }) => step === 'doctor') + 1;
  const table = at === 0 ? rows : [...rows.slice(0, at), ...hops, ...asked, ...rows.slice(at)];
  const verdict = ok ? 'All is well.' : `${firstFailure} fails first. What to do: ${cure}`;
  return `\n${url}\n\n${table.join('\n')}\n\n${verdict}\n`;
}

const rowOf = (name: string, part: { readonly ok: boolean; readonly ms: number | null; readonly error?: string }) =>
  row(name, part.ok, part.ms, part.error ?? '');

function row(name: string, ok: boolean, ms: number | null, found: string): string {
  const time = ms === null ? '-' : `${ms} ms`;
  return `  ${name.padEnd(12)}${ok ? 'ok  ' : 'FAIL'}  ${time.padStart(10)}  ${found}`.trimEnd();
}
