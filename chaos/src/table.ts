import type { Row } from './suite.ts';

const columns = [
  ['fault', (row: Row) => row.fault],
  ['what happens', (row: Row) => row.title],
  ['runs', (row: Row) => String(row.runs)],
  ['sends acknowledged', (row: Row) => String(row.acknowledged)],
  ['lost', (row: Row) => String(row.lost)],
  ['duplicated', (row: Row) => String(row.duplicated)],
  ['reordered', (row: Row) => String(row.reordered)],
  ['other', (row: Row) => String(row.other)],
  ['converged in', (row: Row) => (row.convergedMs === null ? '–' : `${(row.convergedMs / 1_000).toFixed(1)} s`)],
  ['verdict', (row: Row) => (row.passed ? 'held' : 'BROKEN')],
] as const;

/** The fault table as Markdown, its columns in line. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [columns.map(([name]) => name as string), ...rows.map((row) => columns.map(([, text]) => text(row)))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const render = (line: readonly string[]) =>
    `| ${line.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [render(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(render)].join('\n');
}
