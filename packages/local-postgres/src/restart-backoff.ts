const firstDelayMs = 100;
const longestDelayMs = 5_000;

/** This many failures within {@link failureWindowMs} are the end of all attempts. */
export const failureLimit = 10;
export const failureWindowMs = 60_000;

/**
 * Gives how long to wait after each failure, in ms: longer with every failure of the last minute; undefined when there
 * were too many of them.
 */
export function createRestartBackoff(now: () => number): () => number | undefined {
  let failedAt: readonly number[] = [];
  return () => {
    const time = now();
    failedAt = [...failedAt.filter((earlier) => time - earlier < failureWindowMs), time];
    if (failedAt.length >= failureLimit) return undefined;
    return Math.min(firstDelayMs * 2 ** (failedAt.length - 1), longestDelayMs);
  };
}
