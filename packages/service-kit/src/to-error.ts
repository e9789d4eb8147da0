/** A caught value as an error: anything can be thrown. */
export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
