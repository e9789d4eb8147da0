import { ParleyError } from '@parley/contracts';
import type { ChannelBusMessage, UserBusMessage } from '@parley/contracts/bus';
import { channelBusMessage, parseWith, userBusMessage } from '@parley/schemas';
import { parseJson } from '@parley/service-kit';
import type { z } from 'zod';
import { knownPartOfChannelMessage, knownPartOfInboxMessage } from './newer-event.ts';

/**
 * Reads a message of the bus and checks its form, once on each node for all listeners. A malformed copy would reach clients as an internal error, in
 * the place of an event that the log holds whole.
 * @throws invalid_input, which the bus logs; a listener that misses the message asks the log
 */
export function readBusMessage<Message>(schema: z.ZodType<Message>, text: string): Message {
  const value = parsed(text);
  parseWith(schema, value, 'message');
  // Checked above. Fields that a newer node adds stay in the message.
  return value as Message;
}

/** Reads a message of a channel, also one with events of newer kinds. @throws invalid_input */
export function readChannelMessage(text: string): ChannelBusMessage {
  const value = parsed(text);
  // Checked here. Fields that a newer node adds stay in the message.
  return channelBusMessage.safeParse(value).success ? (value as ChannelBusMessage) : knownPartOfChannelMessage(value);
}

/** Reads a message of an inbox, also one with events of newer kinds. @throws invalid_input */
export function readInboxMessage(value: unknown): UserBusMessage {
  return userBusMessage.safeParse(value).success ? (value as UserBusMessage) : knownPartOfInboxMessage(value);
}

/** Parses the JSON of a message and does not check its form. @throws invalid_input */
export function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ParleyError('invalid_input', 'unable to read a bus message; it is no JSON, or nested too deep', {
      cause: error,
    });
  }
}
