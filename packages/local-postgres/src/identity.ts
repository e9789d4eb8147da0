import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { PostgresStartError } from './errors.ts';

const run = promisify(execFile);

/** The user that the Postgres programs run as; absent means: as ourselves. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export const nobody: Identity = { uid: 65534, gid: 65534 };

/**
 * Postgres refuses to run as root, so root lends it another user: the owner of the folder when that is an ordinary user
 * (one `sudo` must not take a checkout away from its owner), else nobody.
 * @throws PostgresStartError for a user without a name, as containers with a number for a user have them
 */
export async function identityFor(
  dataDir: string,
  ownUid: number | undefined = process.getuid?.(),
): Promise<Identity | undefined> {
  if (ownUid === undefined) return undefined;
  if (ownUid !== 0) {
    if (await hasName(ownUid)) return undefined;
    throw new PostgresStartError(
      `user ${ownUid} has no name on this machine, and PostgreSQL asks for one: add a line for it to /etc/passwd, or run as a user that has one`,
    );
  }
  for (let folder = dataDir; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined && folder !== dirname(folder)) continue;
    const isUsers = found !== undefined && found.uid !== 0 && (await hasName(found.uid));
    return isUsers ? { uid: found.uid, gid: found.gid } : nobody;
  }
}

/** Postgres looks its user up by name; in a container, the owner of a mounted folder often has none. */
function hasName(uid: number): Promise<boolean> {
  return run('id', ['-un', String(uid)]).then(
    () => true,
    () => false,
  );
}

/** The first folder on the way to `path` that `identity` may not enter, if there is one. */
export async function closedFolder(path: string, identity: Identity): Promise<string | undefined> {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined) return undefined;
    const bit = found.uid === identity.uid ? 0o100 : found.gid === identity.gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return folder;
  }
  return undefined;
}
