import { randomUUID } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { DataDirInUseError, errorCode } from './errors.ts';
import { startedAt } from './process-table.ts';

/** Proof that no other live process of ours works on a data directory. */
export interface DirectoryLock {
  /** Gives the lock back; synchronous, because it also runs while the process exits. Harmless when repeated. */
  release(): void;
}

/**
 * Takes the lock beside `dataDir`, over from its owner when that one is dead.
 * @throws DataDirInUseError when the owner lives.
 */
export async function lockDirectory(dataDir: string): Promise<DirectoryLock> {
  const path = `${dataDir}.lock`;
  const ours = JSON.stringify({
    pid: process.pid,
    startedAt: await startedAt(process.pid),
    token: randomUUID(),
  });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, ours);
  try {
    // Linking a finished file makes lock and content appear in one step: a reader never sees an empty lock.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await tryLink(draft, path)) return lockHeld(path);
      const seen = await readFile(path, 'utf8').catch(() => undefined);
      if (seen === undefined) continue;
      const owner = await liveOwner(seen);
      if (owner !== undefined) throw new DataDirInUseError(dataDir, owner);
      await removeStale(path, seen);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new Error(`unable to lock ${dataDir}; ${path} keeps changing hands`);
}

function lockHeld(path: string): DirectoryLock {
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      try {
        unlinkSync(path);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    },
  };
}

async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead owner's lock away; when another process was quicker and this is already its lock, puts it back. */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function liveOwner(text: string): Promise<number | undefined> {
  const owner = parseOwner(text);
  if (owner === undefined) return undefined;
  const since = await startedAt(owner.pid);
  return since !== undefined && since === owner.startedAt ? owner.pid : undefined;
}

function parseOwner(text: string): { pid: number; startedAt: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    if (typeof value.pid !== 'number' || typeof value.startedAt !== 'string') return undefined;
    return { pid: value.pid, startedAt: value.startedAt };
  } catch {
    return undefined;
  }
}
