import type { JsonObject, ParleyError } from '@parley/contracts';
import { isJsonObject, JsonRefusal, parseExactJson, requestFault } from '@parley/service-kit';
import type { OperationRequest } from '../operations/operation-sink.ts';

/** A message of a client. `invalid` is anything that the protocol does not know. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload: JsonObject }
  | { readonly type: 'ping' | 'pong'; readonly payload: JsonObject | undefined }
  | { readonly type: 'subscribe'; readonly id: string; readonly request: OperationRequest }
  | { readonly type: 'complete'; readonly id: string }
  /** A `subscribe` that is answered with an error and nothing else. */
  | { readonly type: 'refused'; readonly id: string; readonly error: ParleyError }
  | { readonly type: 'invalid'; readonly reason: string };

const maxIdLength = 256;

/** Reads one text frame. Never throws. */
export function parseClientMessage(text: string): ClientMessage {
  let message: unknown;
  try {
    message = parseExactJson(text);
  } catch (error) {
    return error instanceof JsonRefusal ? refused(text, error) : invalid('Message is not JSON');
  }
  if (!isJsonObject(message)) return invalid('Message is not a JSON object');
  const { type, payload } = message;
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      if (!isAbsent(payload) && !isJsonObject(payload)) return invalid(`'${type}' expects an object as payload`);
      return type === 'connection_init'
        ? { type, payload: payload ?? {} }
        : { type, payload: isAbsent(payload) ? undefined : payload };
    case 'subscribe':
      return parseSubscribe(message);
    case 'complete':
      return isId(message['id']) ? { type, id: message['id'] } : invalid(idRule(type));
    default:
      return invalid('Unknown message type');
  }
}

function parseSubscribe({ id, payload }: JsonObject): ClientMessage {
  if (!isId(id)) return invalid(idRule('subscribe'));
  const request = parseRequest(payload);
  return typeof request === 'string' ? invalid(`'subscribe' ${request}`) : { type: 'subscribe', id, request };
}

/** A GraphQL request as it travels in a frame or a body; a string says what is wrong with it. */
export function parseRequest(payload: unknown): OperationRequest | string {
  if (!isJsonObject(payload)) return 'expects an object as payload';
  const { query, operationName, variables, extensions } = payload;
  if (typeof query !== 'string') return 'expects the document as a string in `query`';
  if (!isAbsent(operationName) && typeof operationName !== 'string') return 'expects a string as `operationName`';
  if (!isAbsent(variables) && !isJsonObject(variables)) return 'expects an object as `variables`';
  if (!isAbsent(extensions) && !isJsonObject(extensions)) return 'expects an object as `extensions`';
  return {
    query,
    // The empty name is none, as GraphQL over HTTP has it.
    ...(isAbsent(operationName) || operationName === '' ? {} : { operationName }),
    ...(isAbsent(variables) ? {} : { variables }),
    ...(isAbsent(extensions) ? {} : { extensions }),
  };
}

const invalid = (reason: string): ClientMessage => ({ type: 'invalid', reason });
const idRule = (type: string): string => `'${type}' expects an id of 1 to ${maxIdLength} characters`;

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxIdLength;
const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Deep nesting, or a number that lost digits, in a `subscribe` refuses that operation. In any other message it closes the socket. */
function refused(text: string, { reason, path, limit, message: why }: JsonRefusal): ClientMessage {
  const message: unknown = JSON.parse(text);
  if (isJsonObject(message) && message['type'] === 'subscribe' && isId(message['id']) && path[0] === 'payload')
    return { type: 'refused', id: message['id'], error: requestFault(new JsonRefusal(reason, path.slice(1), limit)) };
  return invalid(`Message cannot be read; ${why}`);
}
