import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DevPlatform } from '@parley/cli';
import type { Tarballs } from './tarballs.ts';

/** What an app is given: where it is, and the platform that it talks to. */
export interface Place {
  readonly folder: string;
  readonly platform: DevPlatform;
  /** The channel that it chats in, of ada and bob. */
  readonly channelId: string;
}

/** An app of somebody else, made of one tool at exact versions, that the packages are installed into. */
export interface Consumer {
  readonly name: string;
  /** Makes the app where a generator does; what comes after is written over it. */
  readonly generate?: (place: Place) => Promise<void>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly files: (place: Place) => Readonly<Record<string, string>>;
  /** Builds and starts the app, and has it chat. @throws when anything is not as it should be */
  readonly chat: (place: Place) => Promise<void>;
}

const longestMs = 600_000;

/** Runs a program in a folder and gives what it said. @throws with all of that when it fails or takes over ten minutes */
export async function run(folder: string, program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  // npm tells its scripts about the project that they belong to; the app is another one.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|NODE_ENV$)/i.test(name));
  const env = { ...Object.fromEntries(own), CI: 'true', NEXT_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...more };
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: longestMs });
  let output = '';
  const collect = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${output}`);
  return output;
}

/** A program that a dependency of the app brings. */
export const bin = (folder: string, name: string): string => join(folder, 'node_modules', '.bin', name);

/** Makes the app and installs what it needs, from the registry, and the packages from their tarballs. */
export async function install(consumer: Consumer, place: Place, tarballs: Tarballs): Promise<void> {
  const { folder } = place;
  await mkdir(folder, { recursive: true });
  await consumer.generate?.(place);
  const manifestFile = join(folder, 'package.json');
  const generated: { dependencies?: object } = JSON.parse(await readFile(manifestFile, 'utf8').catch(() => '{}'));
  const dependencies = { ...generated.dependencies, ...consumer.dependencies, ...tarballs };
  await write(folder, consumer.files(place));
  await writeFile(
    manifestFile,
    JSON.stringify({ name: 'app', private: true, version: '1.0.0', ...generated, dependencies }, null, 2),
  );
  await run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']);
  const copies = await copiesOf(folder, '@parley/contracts');
  if (copies.length !== 1) throw new Error(`npm installed @parley/contracts ${copies.length} times: ${copies}`);
}

export async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function copiesOf(folder: string, name: string): Promise<string[]> {
  const lock: { packages: object } = JSON.parse(
    await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8'),
  );
  return Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
}
