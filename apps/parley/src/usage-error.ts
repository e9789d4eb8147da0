import { ParleyError } from '@parley/contracts';

/** A command that cannot be run as it was typed; the message is one sentence that says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The first sentence of what Node says of an argument; the rest of it advises on positional arguments, which we have none of. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = message.split(/[.\n]/, 1)[0] ?? message;
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

/** A refusal by the platform, the system or the database, known by its code, as one sentence; an error of our own is left as it is, with its stack. */
export function oneSentence(error: unknown): unknown {
  if (error instanceof UsageError) return error;
  if (error instanceof ParleyError) return new UsageError(error.message, { cause: error });
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return new UsageError(`unable to finish; ${reasonOf(error)} (${error.code})`, { cause: error });
  return error;
}
