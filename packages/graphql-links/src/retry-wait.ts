const firstMs = 500;
const longestMs = 30_000;

/** Waits before a connection is tried again: at random, within half a second at first and within 30 s in a long outage, so that clients do not come all at once. */
export const retryWaitMs = (retries: number): number => Math.random() * Math.min(longestMs, firstMs * 2 ** retries);
