import { access, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { removeDataDir } from '@parley/local-postgres';
import { UsageFault } from '../usage-fault.ts';

/** The folder that a platform on this machine keeps everything in. */
export interface DevDataDir {
  readonly path: string;
  /** Where PostgreSQL keeps its data. */
  readonly postgres: string;
}

const marker = 'parley-data-dir';

/**
 * Makes the folder and marks it as ours; with `reset` it starts empty. Only what we put there is ever deleted.
 * @throws UsageFault when the folder cannot be written, or is to be reset and is not ours
 * @throws DataDirInUseError when it is to be reset and a live process uses it
 */
export async function prepareDevDataDir(wanted: string, reset: boolean): Promise<DevDataDir> {
  const path = resolve(wanted);
  const dataDir = { path, postgres: join(path, 'postgres') };
  if (reset) await resetDataDir(dataDir);
  try {
    await makeFolder(path);
    await writeFile(
      join(path, marker),
      'The data of `parley dev` or `parley cluster`. Deleting this folder while it is stopped is safe.\n',
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageFault(
      `unable to write to the data directory ${path}; make it writable or choose another with --data-dir (${why})`,
      { cause: error },
    );
  }
  return dataDir;
}

async function resetDataDir({ path, postgres }: DevDataDir): Promise<void> {
  if (!(await exists(path)) || (await isEmptyFolder(path))) return;
  if (!(await exists(join(path, marker)))) {
    throw new UsageFault(
      `unable to reset ${path}; parley did not make this folder: choose another with --data-dir, or delete it yourself`,
    );
  }
  await removeDataDir(postgres);
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
