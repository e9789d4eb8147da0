import { writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { startPostgres } from '@parley/local-postgres';
import { uniqueId } from '@parley/testkit';
import { type RunOptions, readOptions, UsageError } from './command-line.ts';
import { faults } from './faults/all.ts';
import { renderResults } from './results-page.ts';
import { runSuite } from './suite.ts';
import { renderTable } from './table.ts';
import { temporaryFolder } from './world/temporary-folder.ts';
import { createWorlds } from './world/worlds.ts';

const page = new URL('../RESULTS.md', import.meta.url);
const drawnBelow = 1_000_000;

const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

async function run(options: RunOptions): Promise<void> {
  const seed = options.seed ?? Math.floor(Math.random() * drawnBelow);
  say(`seed ${seed}`);
  const folder = await temporaryFolder();
  const postgres = await startPostgres({ dataDir: `${folder.path}/postgres`, settings: { max_connections: '300' } });
  const worlds = createWorlds({
    alwaysProxied: options.short,
    async database() {
      const name = uniqueId('world').replaceAll('-', '_');
      await postgres.createDatabase(name);
      return { url: postgres.url(name), drop: async () => undefined };
    },
  });
  try {
    const rows = await runSuite({ ...options, worlds, seed, log: say });
    const [cpu] = cpus();
    const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
    const machine = `${cpus().length} cores (${cpu?.model.trim()}), ${memory}, ${platform()} ${release()} ${arch()}`;
    const circumstances = { at: new Date().toISOString(), machine, node: process.version, seed };
    process.stdout.write(options.json ? `${JSON.stringify({ ...circumstances, rows })}\n` : `${renderTable(rows)}\n`);
    if (options.whole) writeFileSync(page, renderResults(rows, circumstances));
    if (rows.some(({ passed }) => !passed)) process.exitCode = 1;
  } finally {
    await worlds.close();
    await postgres.stop('immediate');
    await folder.remove();
  }
}

try {
  await run(readOptions(process.argv.slice(2), faults));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

// Node's own clean-up after the last handler was once seen to spin for good, with hundreds of broken connections behind it.
process.exit();
