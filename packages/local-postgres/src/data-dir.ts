import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, chown, lstat, mkdir, readdir, readlink, realpath, rm, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { lockDirectory } from './directory-lock.ts';
import { DataDirNotWritableError, errorCode, PostgresStartError, writing } from './errors.ts';
import { closedFolder, type Identity, nobody } from './identity.ts';
import { isThere } from './is-there.ts';
import { silentLogger } from './logger.ts';
import { stopOrphan } from './orphan.ts';
import { sharedFolder } from './shared-folder.ts';

/**
 * Makes the data directory and gives the path at which `identity` reaches it: usually `dataDir` itself, but when root's
 * own folders are closed to the unprivileged user, a symlink stands there and the data lies in a folder open to it.
 * @throws DataDirNotWritableError
 */
export async function prepareDataDir(dataDir: string, identity: Identity | undefined): Promise<string> {
  const wanted = resolve(dataDir);
  return writing(wanted, async () => {
    await makeParent(wanted, identity);
    const existing = await realpath(wanted).catch(() => undefined);
    // A symlink whose data are gone would otherwise block every later start.
    if (existing === undefined) await rm(wanted, { force: true });
    const path = existing ?? join(await realpath(dirname(wanted)), basename(wanted));
    const closed = identity === undefined ? undefined : await closedFolder(path, identity);
    const home = closed === undefined ? path : await relocate(path, closed);
    await refuseForeignFiles(home);
    await mkdir(home, { recursive: true, mode: 0o700 });
    if (identity === undefined) await access(home, constants.W_OK | constants.X_OK);
    else await chown(home, identity.uid, identity.gid);
    await chmod(home, 0o700);
    return home;
  });
}

/** What root makes in an ordinary user's folder is that user's, who could not write there later otherwise. */
async function makeParent(wanted: string, identity: Identity | undefined): Promise<void> {
  const first = await mkdir(dirname(wanted), { recursive: true });
  if (first === undefined || identity === undefined || identity === nobody) return;
  for (let folder = dirname(wanted); folder.startsWith(first); folder = dirname(folder)) {
    await chown(folder, identity.uid, identity.gid);
  }
}

/** The server owns its directory whole and makes it private: a folder with anything else in it was named by mistake. */
async function refuseForeignFiles(home: string): Promise<void> {
  const names: readonly string[] = await readdir(home).catch(() => []);
  if (names.length === 0 || names.includes('PG_VERSION') || (await isThere(initialisingFile(home)))) return;
  throw new PostgresStartError(`${home} holds files that are not a database: choose an empty directory`);
}

/** The file beside the data that stands there while the database cluster is being made. */
export function initialisingFile(home: string): string {
  return `${home}.initialising`;
}

async function relocate(path: string, closed: string): Promise<string> {
  if ((await readdir(path).catch(() => [])).length > 0) {
    throw new DataDirNotWritableError(
      path,
      new Error(`Postgres does not run as root, and the user it runs as may not enter ${closed}`),
    );
  }
  const home = join(await sharedFolder(), 'data', randomUUID(), 'postgres');
  await mkdir(home, { recursive: true, mode: 0o755 });
  await rmdir(path).catch(() => undefined);
  try {
    await symlink(home, path);
    return home;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    // Another start was quicker; its place is the one.
    await rm(dirname(home), { recursive: true, force: true });
    return readlink(path);
  }
}

/**
 * Deletes a data directory and what lies beside it; a server that a killed process left behind is stopped first. Harmless
 * when it is gone.
 * @throws DataDirInUseError when a live process has it.
 */
export async function removeDataDir(dataDir: string): Promise<void> {
  const wanted = resolve(dataDir);
  const link = await lstat(wanted).catch(() => undefined);
  if (link === undefined) return;
  const home = await realpath(wanted).catch(() => wanted);
  const lock = await lockDirectory(home);
  try {
    await stopOrphan(home, silentLogger);
    await rm(home, { recursive: true, force: true });
    for (const beside of [`${home}.password`, initialisingFile(home)]) await rm(beside, { force: true });
  } finally {
    lock.release();
  }
  if (link.isSymbolicLink()) {
    await rm(wanted, { force: true });
    await rmdir(dirname(home)).catch(() => undefined);
  }
}
