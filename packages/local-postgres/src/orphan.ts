import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalPostgresLogger } from './logger.ts';
import { killOrphanedBackends } from './orphaned-backends.ts';
import { commandLine, isAlive, signalIfAlive } from './process-table.ts';

/** What the server writes about itself in `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  readonly status: string;
}

export async function readPostmasterFile(home: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(home, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  return pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : undefined;
}

/**
 * Stops a server that outlived the process which started it, and what is left of one that was killed. Call it only with the directory lock in hand: the lock is
 * what proves that the server has no living owner.
 */
export async function stopOrphan(home: string, logger: LocalPostgresLogger): Promise<void> {
  await stopOrphanedServer(home, logger);
  await killOrphanedBackends(home);
}

async function stopOrphanedServer(home: string, logger: LocalPostgresLogger): Promise<void> {
  const file = await readPostmasterFile(home);
  if (file === undefined || !isAlive(file.pid)) return;
  if (!(await isServerOf(file.pid, home))) {
    // The pid belongs to something else by now, and Postgres would refuse to start because of it.
    await rm(join(home, 'postmaster.pid'), { force: true });
    return;
  }
  logger.warn(`stopping the Postgres server ${file.pid} that an earlier process left behind in ${home}`);
  for (const [signal, patienceMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!signalIfAlive(file.pid, signal) || (await endsWithin(file.pid, patienceMs))) return;
  }
  throw new Error(`unable to start Postgres in ${home}; server ${file.pid} from an earlier start does not stop`);
}

async function isServerOf(pid: number, home: string): Promise<boolean> {
  const folder = await realpath(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder !== undefined) return folder === (await realpath(home));
  return (await commandLine(pid))?.includes(home) ?? false;
}

async function endsWithin(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}
