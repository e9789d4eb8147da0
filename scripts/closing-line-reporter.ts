import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends a run with `N passed, N failed` (and `, N skipped`) alone on the last line. */
class ClosingLineReporter implements Reporter {
  #rejections = 0;

  onInit(): void {
    // Vitest's own listener ends the process, and with it every test that is still to come.
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => {
      this.#rejections += 1;
      process.exitCode = 1;
      const said = reason instanceof Error ? reason.stack : String(reason);
      process.stderr.write(
        `a promise was rejected in the process that runs the tests, and nobody awaited it: ${said}\n`,
      );
    });
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<SerializedError>): void {
    const counts = { passed: 0, failed: unhandledErrors.length + this.#rejections, skipped: 0 };
    for (const module of modules) {
      let testFailed = false;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'failed') testFailed = true;
        // A test that is still pending when the run ends never ran, and nothing says that it would have passed.
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
      // A file that does not load, or whose hooks fail, has no failed test that would count.
      if (module.state() === 'failed' && !testFailed) counts.failed += 1;
    }
    if (modules.length === 0) counts.failed += 1;
    const line = `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
    // The default reporter and the teardown still write after this hook. scripts/test.mjs, which holds the other end of
    // the channel, says the line after this process is gone; without it the process's end is the last word.
    if (process.send) process.send({ closingLine: line });
    else process.once('exit', () => process.stdout.write(`${line}\n`));
    if (counts.failed > 0) process.exitCode = 1;
  }
}

// biome-ignore lint/style/noDefaultExport: Vitest takes a reporter from the default export.
export default ClosingLineReporter;
