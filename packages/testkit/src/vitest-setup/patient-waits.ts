import { vi } from 'vitest';

// A setup file of Vitest's. A fact that a test waits for comes when the machine gets to it: within Vitest's own second it may not, on a machine that
// is busy. `expect.poll` has its patience from vitest.config.ts; for `vi.waitFor` and `vi.waitUntil` there is no setting.
const patienceMs = 20_000;
const { waitFor, waitUntil } = vi;

vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));

function patient<Options extends object>(options: number | Options = patienceMs) {
  return typeof options === 'number' ? options : { timeout: patienceMs, ...options };
}
