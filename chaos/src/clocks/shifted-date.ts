/** The environment of a Node process whose clock can be set wrong; see the program that it names. */
export function shiftedDate(skewMs: number): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import=${new URL('../shifted-date.main.ts', import.meta.url).href}`,
    CLOCK_SKEW_MS: String(skewMs),
  };
}
