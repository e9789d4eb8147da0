import { ParleyError } from '@parley/contracts';
import type { Clock } from './clock.ts';

/** Rejects with `timeout` once the time is up; a later outcome is dropped. */
export function withDeadline<T>(clock: Clock, ms: number, message: string, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const handle = clock.setTimeout(() => reject(new ParleyError('timeout', message)), ms);
    work()
      .then(resolve, reject)
      .finally(() => clock.clearTimeout(handle));
  });
}
