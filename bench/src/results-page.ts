import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './report.ts';

/** What one benchmark found, as it is printed and kept. */
export interface Outcome {
  readonly bench: string;
  /** ISO 8601. */
  readonly at: string;
  readonly machine: {
    readonly cores: number;
    readonly cpu: string;
    readonly memoryGiB: number;
    readonly platform: string;
    readonly node: string;
  };
  readonly rows: readonly Row[];
  readonly details: Readonly<Record<string, unknown>>;
}

const page = new URL('../RESULTS.md', import.meta.url);
const [begin, end] = ['<!-- table: begin -->', '<!-- table: end -->'];

/** Puts the outcomes kept in `folder` into the table of bench/RESULTS.md; the words around it stay. */
export function writeResults(folder: URL): void {
  const outcomes = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    // Written by `report`.
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Outcome);
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), outcomes));
}

/** @throws Error when the page has no place for the table */
export function withTable(text: string, outcomes: readonly Outcome[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`unable to write the results; the page lacks ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${outcomes.map(section).join('\n')}\n${text.slice(to)}`;
}

function section({ bench, at, machine, rows }: Outcome): string {
  const { cores, cpu, memoryGiB, platform, node } = machine;
  return `### ${bench}

${at.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, ${platform}, Node ${node}

| what | measured | target | |
| --- | --- | --- | --- |
${rows.map(({ what, measured, target, met }) => `| ${cell(what)} | ${cell(measured)} | ${cell(target)} | ${verdict(met)} |`).join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

const verdict = (met: boolean | null): string => (met === null ? '' : met ? 'met' : '**not met**');
