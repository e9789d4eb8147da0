const firstMs = 300;
const mostMs = 20_000;

/**
 * Full jitter: anywhere between nothing and a bound that doubles with each failure in a row, 0.3 s to 20 s, so that clients which lost the same
 * server do not come back together. `random` is in [0, 1).
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failures: number, random: number): number {
  return Math.round(random * Math.min(mostMs, firstMs * 2 ** (Math.max(1, failures) - 1)));
}
