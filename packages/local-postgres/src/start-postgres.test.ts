import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBinaries } from './binaries.ts';
import { removeDataDir } from './data-dir.ts';
import { DataDirInUseError, DataDirNotWritableError, PasswordRefusedError, PostgresStartError } from './errors.ts';
import { identityFor } from './identity.ts';
import { isAlive } from './process-table.ts';
import { type LocalPostgres, type StartPostgresOptions, startPostgres } from './start-postgres.ts';

const asRoot = process.getuid?.() === 0;
let folder: string;
let dataDir: string;
let running: LocalPostgres[];
let children: ChildProcess[];
let serversElsewhere: number[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  running = [];
  children = [];
  serversElsewhere = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const postgres of running) await postgres.stop('immediate');
  for (const pid of serversElsewhere) await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<StartPostgresOptions> = {}): Promise<LocalPostgres> {
  const postgres = await startPostgres({ dataDir, settings: { fsync: 'off' }, ...options });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server from a process of its own, as `parley dev` would. */
async function startElsewhere(): Promise<{ owner: ChildProcess; url: string; pid: number }> {
  const script = join(import.meta.dirname, 'start-and-wait.fixture.ts');
  const owner = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(owner);
  const [line] = await once(createInterface(owner.stdout), 'line');
  const { url, pid }: { url: string; pid: number } = JSON.parse(String(line));
  serversElsewhere.push(pid);
  return { owner, url, pid };
}

test('a cold start makes a database, a warm start finds its data again', async () => {
  const cold = await start();
  await query(cold.url(), "CREATE TABLE note AS SELECT 'kept ✓' AS text");
  await cold.stop();
  expect(isAlive(cold.pid)).toBe(false);
  const warm = await start();
  await expect(query(warm.url(), 'SELECT text FROM note')).resolves.toEqual([{ text: 'kept ✓' }]);
});

test('the server is PostgreSQL 18 in UTF-8, asks for a password and listens to this machine alone', async () => {
  const postgres = await start();
  const settings = `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
    current_setting('listen_addresses') AS listens, current_setting('fsync') AS fsync`;
  await expect(query(postgres.url(), settings)).resolves.toEqual([
    { version: expect.stringMatching(/^18\./), encoding: 'UTF8', listens: '127.0.0.1', fsync: 'off' },
  ]);
  const guessed = new URL(postgres.url());
  guessed.password = 'guess';
  await expect(query(guessed.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600);
});

test('a new database is empty, and a clone has what its template has', async () => {
  const postgres = await start();
  await postgres.createDatabase('first "quoted"');
  await query(postgres.url('first "quoted"'), 'CREATE TABLE note ()');
  await postgres.createDatabase('second', 'first "quoted"');
  await expect(query(postgres.url('second'), 'SELECT * FROM note')).resolves.toEqual([]);
  await expect(postgres.createDatabase('second')).rejects.toThrow('already exists');
});

test('after a restart it is a new server at the same address, with the data of the old one', async () => {
  const postgres = await start();
  const { pid } = postgres;
  await query(postgres.url(), 'CREATE TABLE note ()');
  await postgres.restart('immediate');
  expect(postgres.pid).not.toBe(pid);
  await expect(query(postgres.url(), 'SELECT * FROM note')).resolves.toEqual([]);
});

test('stopping twice is harmless', async () => {
  const postgres = await start();
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
});

test('after kill -9 of its owner the server ends by itself, and the next start has the committed data', async () => {
  const { owner, url, pid } = await startElsewhere();
  await query(url, 'CREATE TABLE note ()');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const postgres = await start();
  // A process that has ended is still listed until its new parent takes note of it.
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  await expect(query(postgres.url(), 'SELECT * FROM note')).resolves.toEqual([]);
});

test('a server without an owner is stopped even when nobody starts another', async () => {
  const { owner, pid } = await startElsewhere();
  owner.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

test('an orphan that is still on the data directory is stopped and its place taken', async () => {
  const first = await start();
  await first.stop();
  const identity = await identityFor(dataDir);
  const { postgres: program } = await findBinaries(identity);
  const orphan = spawn(program, ['-D', dataDir, '-p', String(first.port), '-c', 'unix_socket_directories='], {
    ...identity,
    stdio: 'ignore',
  });
  children.push(orphan);
  const exited = once(orphan, 'exit');
  await vi.waitFor(() => expect(query(first.url(), 'SELECT 1')).resolves.toHaveLength(1));
  const warnings: string[] = [];
  const logger = { info() {}, warn: (message: string) => void warnings.push(message), error() {} };
  const next = await start({ logger });
  await exited;
  expect(warnings).toEqual([expect.stringContaining(`Postgres server ${orphan.pid}`)]);
  await expect(query(next.url(), 'SELECT 1')).resolves.toHaveLength(1);
});

test('a postmaster.pid whose pid is some other program by now does not stand in the way', async () => {
  await (await start()).stop();
  const other = spawn('sleep', ['60'], { ...(await identityFor(dataDir)), cwd: '/' });
  children.push(other);
  await writeFile(join(dataDir, 'postmaster.pid'), `${other.pid}\n${dataDir}\n1\n5432\n\n\n\nready\n`);
  await start();
  expect(isAlive(other.pid ?? 0)).toBe(true);
});

test('a directory in use by a live process is refused with one sentence that says what to do', async () => {
  const { owner } = await startElsewhere();
  const refused = start();
  await expect(refused).rejects.toBeInstanceOf(DataDirInUseError);
  await expect(refused).rejects.toThrow(`process ${owner.pid} is using it: stop that process or choose another`);
});

test('two starts at once in one process: one gets the directory, the other is refused', async () => {
  const results = await Promise.allSettled([start(), start()]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find((result) => result.status === 'rejected')?.reason).toBeInstanceOf(DataDirInUseError);
});

test('the lock of a dead owner is taken over, even when its pid belongs to another process by now', async () => {
  await writeFile(
    `${dataDir}.lock`,
    JSON.stringify({ pid: process.pid, startedAt: 'before the last boot', token: 'x' }),
  );
  const postgres = await start();
  expect(await readFile(`${dataDir}.lock`, 'utf8')).not.toContain('before the last boot');
  await postgres.stop();
  await expect(stat(`${dataDir}.lock`)).rejects.toThrow('ENOENT');
});

test('a directory that cannot be written is refused with one sentence that says what to do', async () => {
  // Nothing keeps root from writing in an ordinary folder; the kernel's own file system does.
  const closed = asRoot ? '/sys/kernel' : join(folder, 'closed');
  if (!asRoot) await mkdir(closed, { mode: 0o500 });
  const refused = start({ dataDir: join(closed, 'data') });
  await expect(refused).rejects.toBeInstanceOf(DataDirNotWritableError);
  await expect(refused).rejects.toThrow('not writable: make it writable for this user or choose another');
});

test('a directory with files of somebody else is left as it is', async () => {
  await mkdir(dataDir, { mode: 0o755 });
  await writeFile(join(dataDir, 'thesis.txt'), 'ten years of work');
  await expect(start()).rejects.toThrow('holds files that are not a database');
  expect(await readFile(join(dataDir, 'thesis.txt'), 'utf8')).toBe('ten years of work');
  expect((await stat(dataDir)).mode & 0o777).toBe(0o755);
});

test('a first start that was killed half way is begun anew', async () => {
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'PG_VERSION'), '18\n');
  await writeFile(`${dataDir}.initialising`, 'a password that no database knows');
  const postgres = await start();
  await expect(query(postgres.url(), 'SELECT 1')).resolves.toHaveLength(1);
});

test('a lost password file costs no data', async () => {
  const first = await start();
  await query(first.url(), 'CREATE TABLE note ()');
  await first.stop();
  await rm(`${dataDir}.password`);
  const next = await start();
  await expect(query(next.url(), 'SELECT * FROM note')).resolves.toEqual([]);
});

test('a wrong password beside the data is refused with one sentence, whose cure costs no data', async () => {
  const first = await start();
  await query(first.url(), 'CREATE TABLE note ()');
  await first.stop();
  await writeFile(`${dataDir}.password`, 'changed by hand');
  const refused = start();
  await expect(refused).rejects.toBeInstanceOf(PasswordRefusedError);
  await expect(refused).rejects.toThrow(
    `the password in ${dataDir}.password is not the one that it was made with: delete`,
  );
  await rm(`${dataDir}.password`);
  const next = await start();
  await expect(query(next.url(), 'SELECT * FROM note')).resolves.toEqual([]);
});

test('a server that does not come up is an error with its last words, and gives the directory back', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const address = busy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const failed = start({ port });
  await expect(failed).rejects.toBeInstanceOf(PostgresStartError);
  await expect(failed).rejects.toThrow('could not bind');
  busy.close();
  await once(busy, 'close');
  const postgres = await start({ port });
  expect(postgres.port).toBe(port);
});

test('a data directory is deleted with its files, but not while a live server has it', async () => {
  const postgres = await start();
  await expect(removeDataDir(dataDir)).rejects.toBeInstanceOf(DataDirInUseError);
  await stat(join(dataDir, 'PG_VERSION'));
  await postgres.stop();
  await removeDataDir(dataDir);
  expect(await readdir(folder)).toEqual([]);
  await removeDataDir(dataDir);
});

test.runIf(asRoot)(
  'under a folder that is closed to the server, the data live elsewhere and are found again',
  async () => {
    await chmod(folder, 0o700);
    const first = await start();
    await query(first.url(), 'CREATE TABLE note ()');
    await first.stop();
    const next = await start();
    await expect(query(next.url(), 'SELECT * FROM note')).resolves.toEqual([]);
    await next.stop();
    await removeDataDir(dataDir);
    await expect(stat(dataDir)).rejects.toThrow('ENOENT');
  },
);

test.runIf(asRoot)(
  "in an ordinary user's folder root leaves nothing behind that this user could not change",
  async () => {
    const user = { uid: 1, gid: 1 };
    await chown(folder, user.uid, user.gid);
    dataDir = join(folder, '.parley', 'nested', 'postgres');
    await (await start()).stop();
    for (const path of [dataDir, `${dataDir}.password`, join(folder, '.parley', 'nested'), join(folder, '.parley')]) {
      expect(await stat(path), path).toMatchObject(user);
    }
  },
);

test.runIf(asRoot)(
  'in a folder whose owner this machine does not know, as in a container, it starts all the same',
  async () => {
    await chown(folder, 54_321, 54_321);
    const postgres = await start();
    await expect(query(postgres.url(), 'SELECT 1')).resolves.toHaveLength(1);
  },
);
