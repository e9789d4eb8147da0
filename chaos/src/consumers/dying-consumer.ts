import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Relayed } from '../outbox/relay-check.ts';
import type { ConsumerDeathStep } from './death-steps.ts';

const main = fileURLToPath(new URL('../dying-consumer.main.ts', import.meta.url));
const diesWithinMs = 30_000;

export interface DyingConsumerOptions {
  readonly step: ConsumerDeathStep;
  readonly databaseUrl: string;
  readonly name: string;
  readonly appId: string;
  /** Called with the events that it handled. */
  readonly given: (events: readonly Relayed[]) => void;
}

/** Runs a consumer in a process of its own that kills itself at this step. Gives what ended the process: `SIGKILL` unless it never came to the step. */
export async function consumeUntil(options: DyingConsumerOptions): Promise<NodeJS.Signals | null> {
  const { step, databaseUrl, name, appId, given } = options;
  const child = spawn(process.execPath, ['--conditions=@parley/source', main, databaseUrl, name, appId, step], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (events: readonly Relayed[]) => given(events));
  // Not by SIGKILL, which would look like having come to the step.
  const patience = setTimeout(() => child.kill('SIGTERM'), diesWithinMs);
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(patience);
  return signal;
}
