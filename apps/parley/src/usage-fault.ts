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
