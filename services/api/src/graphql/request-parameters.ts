import type { JsonObject } from '@parley/contracts';
import { ownValue, ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';
import { isJsonObject, parseRequestJson } from '@parley/service-kit';

const malformed = (why: string): ParleyError => new ParleyError('invalid_query', `unable to read the request; ${why}`);

/** Batches have no specification. Clients that send them look for as many answers. */
export class BatchRefused extends ParleyError {
  readonly size: number;
  constructor(size: number) {
    super('invalid_query', 'unable to read the request; batches are not taken, send one operation a request');
    this.size = size;
  }
}

function text(source: Record<string, unknown>, name: string): string | undefined {
  const value = ownValue(source, name) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw malformed(`\`${name}\` is a string`);
}

function object(source: Record<string, unknown>, name: string): JsonObject | undefined {
  const value = ownValue(source, name) ?? undefined;
  if (value === undefined || isJsonObject(value)) return value;
  throw malformed(`\`${name}\` is a JSON object`);
}

/** The parameters of a request; others are ignored, as GraphQL over HTTP wants. @throws invalid_query */
export function requestParameters(body: unknown): GraphqlRequest {
  if (Array.isArray(body)) throw new BatchRefused(body.length);
  if (!isJsonObject(body)) throw malformed('the body is not a JSON object, encoded as UTF-8');
  const request = {
    query: text(body, 'query'),
    // The empty name is none.
    operationName: text(body, 'operationName') || undefined,
    variables: object(body, 'variables'),
    extensions: object(body, 'extensions'),
  };
  // A hash alone is a whole request.
  if (!request.query && request.extensions?.['persistedQuery'] === undefined)
    throw malformed('it holds no document: send it as the string `query`');
  return request;
}

function parsed(value: unknown, name: string): unknown {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw malformed(`\`${name}\` is given once`);
  try {
    return parseRequestJson(value, [name]);
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    throw malformed(`\`${name}\` is not JSON`);
  }
}

/** The same from the address of a GET request. @throws invalid_query */
export const queryParameters = (query: Record<string, unknown>): GraphqlRequest =>
  requestParameters({
    ...query,
    variables: parsed(query['variables'], 'variables'),
    extensions: parsed(query['extensions'], 'extensions'),
  });
