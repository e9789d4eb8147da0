import type { Reporter } from 'vitest/node';

/** Leaves a rejection in the process that runs the tests, as a fault in the setup of all of them would. */
class FaultyReporter implements Reporter {
  onTestRunStart(): void {
    void Promise.reject(new Error('nobody waits for me either'));
  }
}

// biome-ignore lint/style/noDefaultExport: Vitest takes a reporter from the default export.
export default FaultyReporter;
