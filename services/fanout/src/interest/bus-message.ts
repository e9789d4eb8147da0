import { ParleyError } from '@parley/contracts';
import { parseWith } from '@parley/contracts/schemas';
import { parseJson } from '@parley/service-kit';
import type { z } from 'zod';

/**
 * Reads a message of the bus and checks its form, once on each node for all who get it: what is malformed would reach clients as a error of ours, in
 * the place of an event that the log has whole.
 * @throws invalid_input, which the bus logs; whoever misses the message asks the log
 */
export function readBusMessage<Message>(schema: z.ZodType<Message>, text: string): Message {
  const value = parsed(text);
  parseWith(schema, value, 'message');
  // Checked above. What a newer node adds to a message stays in it.
  return value as Message;
}

/** The same without a look at its form. @throws invalid_input */
export function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ParleyError('invalid_input', 'unable to read a bus message; it is no JSON, or nested too deep', {
      cause: error,
    });
  }
}
