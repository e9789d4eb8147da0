import { readdir, readlink, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine, signalIfAlive } from './process-table.ts';

const patienceMs = 5_000;
/** What initdb starts. */
const bootstrap = /\/postgres --(boot|single|check) /;

/**
 * Kills the processes of a server whose main process is gone, and an initdb that outlived who started it. Idle backends end by themselves, but a busy one
 * goes on until its query is done, and no server starts on the data before that; an initdb goes on writing, and removes everything when it fails. Only
 * Linux knows which processes these are; elsewhere the server itself refuses to start until they are gone.
 */
export async function killOrphanedBackends(home: string): Promise<void> {
  const folder = await realpath(home);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const pids = await processesOf(home, folder);
    if (pids.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`unable to start Postgres in ${home}; processes ${pids.join(', ')} of its last run do not end`);
    }
    for (const pid of pids) signalIfAlive(pid, 'SIGKILL');
    await delay(20);
  }
}

async function processesOf(home: string, folder: string): Promise<number[]> {
  const names = process.platform === 'linux' ? await readdir('/proc').catch(() => []) : [];
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = (await commandLine(pid)) ?? '';
      if (line.includes('/initdb ') && line.includes(` --pgdata=${home} `)) return [pid];
      // A person's shell may stand in the folder too.
      const isBackend = line.startsWith('postgres: ') || bootstrap.test(line);
      return isBackend && (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === folder ? [pid] : [];
    }),
  );
  return found.flat();
}
