import { ParleyError } from '@parley/contracts';

/** What somebody typed cannot be done as it stands; the message is one sentence that says what to type instead. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}

/** The first sentence of what Node says of an argument; the rest of it advises on positional arguments, which we have none of. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = message.split(/[.\n]/, 1)[0] ?? message;
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

/** What the platform, the system or the database refused, told by its code; a fault of our own is left as it is, with its stack. */
export function oneSentence(error: unknown): unknown {
  if (error instanceof UsageFault) return error;
  if (error instanceof ParleyError) return new UsageFault(error.message, { cause: error });
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return new UsageFault(`unable to finish; ${reasonOf(error)} (${error.code})`, { cause: error });
  return error;
}
