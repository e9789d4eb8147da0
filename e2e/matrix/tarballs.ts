import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const root = fileURLToPath(new URL('../..', import.meta.url));
const names = ['contracts', 'graphql-links', 'sdk-js', 'sdk-react', 'sdk-server'];

/** The packages as npm would publish them: each name with the address of its tarball. */
export type Tarballs = Readonly<Record<string, `file:${string}`>>;

/** Builds what has changed since the last build, and packs the published packages into the folder. */
export async function packPackages(folder: string): Promise<Tarballs> {
  const options = { cwd: root, maxBuffer: 16 * 1024 * 1024, timeout: 600_000 };
  await mkdir(folder, { recursive: true });
  await run(
    process.execPath,
    [
      join(root, 'node_modules', 'turbo', 'bin', 'turbo'),
      ...['run', 'build', '--output-logs=errors-only'],
      ...names.map((name) => `--filter=@parley/${name}`),
    ],
    options,
  );
  const workspaces = names.map((name) => `--workspace=@parley/${name}`);
  const pack = ['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`, ...workspaces];
  const { stdout } = await run('npm', pack, options);
  const packed: { name: string; filename: string }[] = Object.values(JSON.parse(stdout));
  return Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${join(folder, filename)}` as const]));
}
