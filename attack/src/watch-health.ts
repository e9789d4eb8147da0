/** How a page of a platform answered while something else went on. */
export interface HealthWatch {
  /** Ends the watch. `worstMs`: the slowest answer; `failed`: those that were not 200 or did not come within 5 s. */
  stop(): Promise<{ readonly asked: number; readonly failed: number; readonly worstMs: number }>;
}

const everyMs = 50;
const deadlineMs = 5_000;

/** Asks a URL again and again, one question at a time. */
export function watchHealth(url: string): HealthWatch {
  const stopped = new AbortController();
  let asked = 0;
  let failed = 0;
  let worstMs = 0;
  const run = async () => {
    while (!stopped.signal.aborted) {
      const began = performance.now();
      const fine = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) })
        .then(({ ok, body }) => body?.cancel().then(() => ok))
        .catch(() => false);
      asked += 1;
      if (!fine) failed += 1;
      worstMs = Math.max(worstMs, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  const ran = run();
  return {
    async stop() {
      stopped.abort();
      await ran;
      return { asked, failed, worstMs };
    },
  };
}
