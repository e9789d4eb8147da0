import type { Row } from './suite.ts';
import { renderTable } from './table.ts';

/** What the page says besides the rows. */
export interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  readonly node: string;
  readonly seed: number;
}

/** `chaos/RESULTS.md`: the last run of the whole table. */
export function renderResults(rows: readonly Row[], { at, machine, node, seed }: Circumstances): string {
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  return `# The fault table

Written by \`npm run chaos\`; what the columns mean and what is promised is in [docs/reliability.md](../docs/reliability.md).

${at.slice(0, 10)}, ${machine}, Node ${node}, ${Math.round(seconds / 60)} minutes; again with \`npm run chaos -- --seed ${seed}\`.

${renderTable(rows)}

## What else was measured

${rows.map(measured).join('\n')}
${rows
  .flatMap(broken)
  .map((line) => `${line}\n`)
  .join('')}`;
}

function measured({ fault, seeds, seconds, figures }: Row): string {
  const each = figures.map((some) =>
    Object.entries(some)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  return `- **${fault}** (seed ${seeds.join(', ')}; ${seconds} s): ${each.join(' · ')}`;
}

const broken = ({ fault, violations }: Row): string[] =>
  violations.length === 0
    ? []
    : [
        `\n## Broken: ${fault}\n`,
        ...violations.map(({ seed, breach, detail }) => `- seed ${seed}, ${breach}: ${detail}`),
      ];
