import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed-packages.mjs';

export const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.parley-installed');
const neededMajor = 24;

/**
 * Installs the packages when those of package-lock.json are not there yet, and gives the path of the Node that the
 * project runs on. Says one line on stderr while it works and nothing else, unless it fails.
 */
export function ensureInstall() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (readOrEmpty(stampFile) !== stamp) {
    if (!isInstalled(JSON.parse(lock), hiddenLock(), (path) => existsSync(join(root, path)))) install();
    writeFileSync(stampFile, stamp);
  }
  return projectNode();
}

/** The environment in which the project's own programs are found first. */
export function projectEnvironment() {
  return {
    ...process.env,
    PATH: `${join(modules, '.bin')}:${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}

/** The lock file in which npm keeps what it has installed. */
function hiddenLock() {
  return JSON.parse(readOrEmpty(join(modules, '.package-lock.json')) || '{}');
}

function install() {
  process.stderr.write('installing the packages; the first time this takes about a minute\n');
  const npm = process.env.npm_execpath;
  // Started by npm, we use the very same npm; --no-save leaves package-lock.json as the project wrote it.
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  fail(`unable to install the packages; ${result.error?.message ?? 'npm install failed (its output is above)'}`);
}

function projectNode() {
  const own = join(modules, '.bin', 'node');
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  if (Number.parseInt(process.versions.node, 10) >= neededMajor) return process.execPath;
  return fail(
    `unable to run; this machine (${process.platform} ${process.arch}) gets no Node from npm and its own is ${process.versions.node}: install Node ${neededMajor} or newer`,
  );
}

function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Ends the script with one sentence. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
