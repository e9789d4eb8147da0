import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDataDir, startPostgres } from '@parley/local-postgres';
import type { TestProject } from 'vitest/node';
import './provided-context.ts';

/** Durability is of no use to data that die with the run. */
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '300',
  max_wal_size: '4GB',
  autovacuum: 'off',
};

/** Vitest's global setup: one Postgres for the whole run, its address provided as `parleyPostgresUrl`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  // As root, the server runs as another user, who must get through.
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'postgres');
  const postgres = await startPostgres({ dataDir, settings });
  project.provide('parleyPostgresUrl', postgres.url());
  return async () => {
    await postgres.stop('immediate');
    await removeDataDir(dataDir);
    await rm(folder, { recursive: true, force: true });
  };
}
