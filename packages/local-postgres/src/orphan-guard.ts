import { spawn } from 'node:child_process';

/** Ends a process when the one that started it is gone. */
export interface OrphanGuard {
  /** The guarded process has ended, and its number may soon be another's. */
  release(): void;
}

/**
 * A shell that waits for the end of its input, which comes when this process dies in any way, `kill -9` included, and
 * then sends `signal` to the process `pid`.
 */
export function guardAgainstOrphan(pid: number, signal: 'SIGINT' | 'SIGKILL'): OrphanGuard {
  const script = 'read -r line; kill -s "$1" "$2"';
  const guard = spawn('/bin/sh', ['-c', script, 'parley-guard', signal.slice('SIG'.length), String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.unref();
  return { release: () => void guard.kill() };
}
