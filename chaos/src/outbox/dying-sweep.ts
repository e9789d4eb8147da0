import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bus } from '@parley/service-kit';
import type { DeathStep } from './death-steps.ts';

const main = fileURLToPath(new URL('../dying-sweep.main.ts', import.meta.url));
const diesWithinMs = 30_000;

/**
 * Runs a sweep in a process of its own that kills itself at this step; what it publishes until then goes out on `bus`. Gives what ended the
 * process: `SIGKILL` unless it never came to the step.
 */
export async function sweepUntil(step: DeathStep, databaseUrl: string, bus: Bus): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--conditions=@parley/source', main, databaseUrl, step], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (copy: { readonly subject: string; readonly payload: string }) => {
    bus.publish(copy.subject, copy.payload).catch(() => undefined);
  });
  // Not by SIGKILL, which would look like having come to the step.
  const patience = setTimeout(() => child.kill('SIGTERM'), diesWithinMs);
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(patience);
  return signal;
}
