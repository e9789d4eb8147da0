import { writeFileSync } from 'node:fs';
import { attacks } from './all.ts';
import { type Choice, readChoice, UsageError } from './command-line.ts';
import { startOwnPlatform } from './own-platform.ts';
import { renderResults } from './results-page.ts';
import { runAttacks } from './suite.ts';
import { renderTable } from './table.ts';
import { createTarget } from './target.ts';

const page = new URL('../RESULTS.md', import.meta.url);

const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

async function run(choice: Choice): Promise<void> {
  const platform =
    choice.target === null
      ? await startOwnPlatform()
      : { target: createTarget(choice.target), close: async () => undefined };
  try {
    const rows = await runAttacks(choice.attacks, platform.target, { say });
    process.stdout.write(choice.json ? `${JSON.stringify({ rows })}\n` : `${renderTable(rows)}\n`);
    if (choice.target === null && choice.attacks.length === attacks.length) writeFileSync(page, renderResults(rows));
    if (rows.some(({ verdict }) => verdict === 'BROKEN')) process.exitCode = 1;
  } finally {
    await platform.close();
  }
}

try {
  await run(readChoice(process.argv.slice(2), attacks));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
