import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectEnvironment, root } from './ensure-install.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const sameSignalMs = 500;
const endWithParent = pathToFileURL(join(root, 'scripts', 'lib', 'end-with-parent.mjs')).href;

/**
 * Runs a TypeScript or JavaScript file on the project's Node as if it were this process: the same terminal, the same
 * exit code, each signal handed on once. The child ends when this process does, however that ends.
 */
export function runChild(node, args, { onMessage } = {}) {
  return new Promise((resolve) => {
    const child = spawn(node, ['--import', endWithParent, ...args], {
      cwd: root,
      env: projectEnvironment(),
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      // In a process group of its own, so that Ctrl-C reaches it through us and not a second time from the terminal.
      detached: true,
    });
    if (onMessage) child.on('message', onMessage);
    const lastAt = new Map();
    const hand = (signal) => {
      // npm and the terminal may both tell us of the same Ctrl-C.
      if (Date.now() - (lastAt.get(signal) ?? 0) < sameSignalMs) return;
      lastAt.set(signal, Date.now());
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, hand);
    const watch = watchForNpmsEnd(() => hand('SIGTERM'));
    child.once('error', (error) => {
      process.stderr.write(`unable to run ${node}; ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, hand);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15));
    });
  });
}

/** npm that is killed tells nobody; whoever started `npm start` and killed it wants what it started gone. */
function watchForNpmsEnd(end) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const npm = npmsPid();
  return setInterval(() => {
    if (!isAlive(npm)) end();
  }, 1_000).unref();
}

/** Our parent is npm or the shell that npm started us through, and that shell lives on when npm is killed. */
function npmsPid() {
  try {
    const [, name, parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'));
    return /^(sh|dash|bash)$/.test(name) ? Number(parent) : process.ppid;
  } catch {
    return process.ppid;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
