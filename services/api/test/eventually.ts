import { vi } from 'vitest';

/** Waits for a fact; long enough for a machine that is busy with other tests. */
export const eventually = <T>(fact: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(fact, { timeout: 20_000, interval: 20 });
