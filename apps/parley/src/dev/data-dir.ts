import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { removeDataDir } from '@parley/local-postgres';
import { UsageError } from '../usage-error.ts';

/** The folder that a platform on this machine keeps everything in. */
export interface DevDataDir {
  readonly path: string;
  /** Where PostgreSQL keeps its data. */
  readonly postgres: string;
  /** What secrets in it are encrypted with: 32 bytes in base64, made at the first start, for this user's eyes alone. */
  readonly secretsKey: string;
}

const marker = 'parley-data-dir';
const secretsKeyFile = 'secrets-key';
const secretsKeyBytes = 32;

/**
 * Makes the folder and marks it as ours; with `reset` it starts empty. Only what we put there is ever deleted.
 * @throws UsageError when the folder cannot be written, or is to be reset and is not ours
 * @throws DataDirInUseError when it is to be reset and a live process uses it
 */
export async function prepareDevDataDir(wanted: string, reset: boolean): Promise<DevDataDir> {
  const path = resolve(wanted);
  const postgres = join(path, 'postgres');
  if (reset) await resetDataDir({ path, postgres });
  try {
    await makeFolder(path);
    await writeFile(
      join(path, marker),
      'The data of `parley dev` or `parley cluster`. Deleting this folder while it is stopped is safe.\n',
    );
    return { path, postgres, secretsKey: await keptSecretsKey(join(path, secretsKeyFile)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `unable to write to the data directory ${path}; make it writable or choose another with --data-dir (${why})`,
      { cause: error },
    );
  }
}

async function keptSecretsKey(file: string): Promise<string> {
  if (!(await exists(file)))
    await writeFile(file, `${randomBytes(secretsKeyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return (await readFile(file, 'utf8')).trim();
}

async function resetDataDir({ path, postgres }: Pick<DevDataDir, 'path' | 'postgres'>): Promise<void> {
  if (!(await exists(path)) || (await isEmptyFolder(path))) return;
  if (!(await exists(join(path, marker)))) {
    throw new UsageError(
      `unable to reset ${path}; parley did not make this folder: choose another with --data-dir, or delete it yourself`,
    );
  }
  await removeDataDir(postgres);
  await rm(join(path, secretsKeyFile), { force: true });
  await rm(join(path, marker), { force: true });
}

/** Node's own `recursive` never returns where the system says "no such file" of a folder that is there, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (!(await exists(dirname(path)))) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Another start may have been quicker.
    if (!(await isFolder(path))) throw error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isEmptyFolder = (path: string): Promise<boolean> =>
  readdir(path).then(
    (names) => names.length === 0,
    () => false,
  );

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
