import { cpus, platform, release, totalmem } from 'node:os';
import type { Row } from './suite.ts';
import { renderTable } from './table.ts';

/** `attack/RESULTS.md`: the last run of every attack. */
export function renderResults(rows: readonly Row[]): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const machine = `${cpus().length} cores, ${memory}, ${platform()} ${release()}, Node ${process.version}`;
  return `# What attacks found

Written by \`npm run attack\`: two API and two fan-out nodes behind the edge, attacked from outside. What each fence is for is in
[docs/security.md](../docs/security.md).

${new Date().toISOString().slice(0, 10)}, ${machine}.

${renderTable(rows)}
`;
}
