const encoder = new TextEncoder();

/** Bytes of the JSON of a value. Infinite when it is too deep to be written. */
export function utf8Bytes(value: unknown): number {
  try {
    return encoder.encode(JSON.stringify(value)).length;
  } catch (err) {
    if (err instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw err;
  }
}
