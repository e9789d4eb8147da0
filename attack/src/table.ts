import type { Row } from './suite.ts';

const columns = [
  ['attack', (row: Row) => row.name],
  ['what', (row: Row) => row.what],
  ['bound', (row: Row) => row.bound],
  ['measured', (row: Row) => row.measured],
  ['verdict', (row: Row) => row.verdict],
] as const;

/** The rows as a Markdown table, its columns in line. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [
    columns.map(([name]): string => name),
    ...rows.map((row) => columns.map(([, text]) => text(row).replaceAll('|', '\\|'))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const render = (line: readonly string[]) =>
    `| ${line.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [render(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(render)].join('\n');
}
