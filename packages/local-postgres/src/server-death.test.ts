import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive } from './process-table.ts';
import { type LocalPostgres, startPostgres } from './start-postgres.ts';

let folder: string;
let dataDir: string;
let postgres: LocalPostgres;
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  warnings = [];
  const logger = { info() {}, warn: (message: string) => void warnings.push(message), error() {} };
  postgres = await startPostgres({ dataDir, settings: { fsync: 'off' }, logger });
});

afterEach(async () => {
  await postgres.stop('immediate');
  await rm(folder, { recursive: true, force: true });
});

const patience = { timeout: 30_000 };

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: postgres.url(), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query(sql: string): Promise<unknown[]> {
  const client = await connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The pids of all that works in the data directory; Linux alone has the table. */
async function processesOnData(): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => places[index] === dataDir);
}

test('after kill -9 of the server it is there again by itself, with its data', async () => {
  await query("CREATE TABLE note AS SELECT 'kept' AS text");
  const { pid } = postgres;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(postgres.pid).not.toBe(pid), patience);
  expect(await query('SELECT text FROM note')).toEqual([{ text: 'kept' }]);
  expect(await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).toMatch(new RegExp(`^${postgres.pid}\n`));
  expect(warnings).toEqual([`Postgres ${pid} ended by itself with SIGKILL; starting Postgres again in 100 ms`]);
});

test('a server that died again and again is still started again', async () => {
  for (let death = 0; death < 3; death += 1) {
    const { pid } = postgres;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(postgres.pid).not.toBe(pid), patience);
  }
  expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(warnings).toHaveLength(3);
});

test.runIf(process.platform === 'linux')('a query that outlives its server does not stand in the way', async () => {
  const client = await connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]?.pid ?? 0;
  const endless = client.query('SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 1000000000)');
  const cut = expect(endless).rejects.toThrow();
  await vi.waitFor(async () => {
    const busy = `SELECT state FROM pg_stat_activity WHERE pid = ${backend}`;
    expect(await query(busy)).toEqual([{ state: 'active' }]);
  });
  const { pid } = postgres;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(postgres.pid).not.toBe(pid), patience);
  await cut;
  // Its new parent may take a moment to take note of its end.
  await vi.waitFor(() => expect(isAlive(backend)).toBe(false), patience);
  expect(warnings).toHaveLength(1);
});

test('a stop right after its death leaves no process', async () => {
  process.kill(postgres.pid, 'SIGKILL');
  await vi.waitFor(() => expect(warnings).toHaveLength(1), patience);
  await postgres.stop();
  await vi.waitFor(async () => expect(await processesOnData()).toEqual([]), patience);
  await expect(connect()).rejects.toThrow('ECONNREFUSED');
  expect(await readdir(folder)).not.toContain('data.lock');
});

test('a stop while it is being started again leaves no process', async () => {
  const { pid } = postgres;
  const pidFile = () => readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  process.kill(pid, 'SIGKILL');
  // The next server has written its name but does not take connections yet, as a rule.
  await vi.waitFor(async () => expect(await pidFile()).not.toMatch(new RegExp(`^(${pid}\n|$)`)), {
    ...patience,
    interval: 1,
  });
  const next = Number.parseInt(await pidFile(), 10);
  await postgres.stop();
  expect(isAlive(next)).toBe(false);
  await vi.waitFor(async () => expect(await processesOnData()).toEqual([]), patience);
  await expect(connect()).rejects.toThrow('ECONNREFUSED');
});
