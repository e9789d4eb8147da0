const noText = 'something was thrown that cannot be shown as text';

/** A caught value in words, such as `Error: why`. Anything can be thrown, also what cannot be shown as text; this never throws. */
export function textOfThrown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return noText;
  }
}

/** A caught value as an error that has a text. Never throws. */
export function toError(thrown: unknown): Error {
  const text = textOfThrown(thrown);
  try {
    if (thrown instanceof Error && text !== noText) return thrown;
  } catch {
    // A proxy may refuse even that.
  }
  return new Error(text);
}
