import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { initialisingFile } from './data-dir.ts';
import { PostgresStartError, writing } from './errors.ts';
import type { Identity } from './identity.ts';
import { isThere } from './is-there.ts';

export const superuser = 'postgres';

export interface ClusterPlace {
  readonly home: string;
  readonly binaries: Binaries;
  readonly identity: Identity | undefined;
}

/** Where the superuser's password lies. */
export const passwordFileOf = (home: string): string => `${home}.password`;

/**
 * Makes the database cluster when there is none, and gives the superuser's password, which lies beside the data in a
 * file that only its owner may read.
 */
export async function prepareCluster(place: ClusterPlace): Promise<string> {
  const passwordFile = passwordFileOf(place.home);
  // The password stands in this file until initdb has come to its end, so its presence says that it did not.
  const unfinished = initialisingFile(place.home);
  const exists = (await isThere(join(place.home, 'PG_VERSION'))) && !(await isThere(unfinished));
  const known = exists ? await readFile(passwordFile, 'utf8').catch(() => '') : '';
  if (known !== '') return known;
  const password = randomBytes(24).toString('base64url');
  const draft = exists ? `${passwordFile}.new` : unfinished;
  await writing(place.home, () => writePassword(draft, password, place.identity));
  if (exists) await resetPassword(place, password);
  else await initialise(place, draft);
  await rename(draft, passwordFile);
  return password;
}

async function writePassword(file: string, password: string, identity: Identity | undefined): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, password, { mode: 0o600 });
  await chmod(file, 0o600);
  if (identity !== undefined) await chown(file, identity.uid, identity.gid);
}

async function initialise(place: ClusterPlace, passwordFile: string): Promise<void> {
  // A start that was killed in the middle of initdb leaves files behind, and initdb wants none.
  for (const name of await readdir(place.home))
    await rm(join(place.home, name), { recursive: true, force: true, maxRetries: 10 });
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const flags = ['--encoding=UTF8', `--locale=${locale}`, '--auth=scram-sha-256', `--username=${superuser}`];
  await runProgram(
    place.binaries.initdb,
    [`--pgdata=${place.home}`, `--pwfile=${passwordFile}`, '--no-instructions', ...flags],
    place,
  );
}

/** With the password file lost, the owner of the files is still the owner of the data: single-user mode asks nothing. */
async function resetPassword(place: ClusterPlace, password: string): Promise<void> {
  const statement = `ALTER ROLE ${superuser} PASSWORD '${password}'\n`;
  await runProgram(place.binaries.postgres, ['--single', '-D', place.home, 'postgres'], place, statement);
}

function runProgram(program: string, args: string[], place: ClusterPlace, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      ...place.identity,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: 60_000,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-8_000);
    });
    child.once('error', (error) => reject(new PostgresStartError(`${program} did not run`, stderr, error)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new PostgresStartError(`${program} ended with ${signal ?? `code ${code}`}`, stderr));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
