import { isErrorCode, ownValue, ParleyError } from '@parley/contracts';
import type { GraphqlError, GraphqlResult } from '../connection/link.ts';
import { isRecord } from '../lib/json.ts';

interface Kinds {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

const isGraphqlError = (value: unknown): value is GraphqlError =>
  isRecord(value) && typeof value['message'] === 'string';

/** The first error of an answer as a ParleyError; one without a known code is `internal`, and may be retried when the server says so. */
export function errorOf(errors: unknown): ParleyError {
  const first: GraphqlError | undefined = Array.isArray(errors) ? errors.find(isGraphqlError) : undefined;
  if (first === undefined)
    return new ParleyError('internal', 'unable to run the operation; the server refused it without a reason');
  const extensions = first.extensions ?? {};
  const at = <Kind extends keyof Kinds>(name: string, kind: Kind): Kinds[Kind] | undefined => {
    const value = ownValue(extensions, name);
    return typeof value === kind ? (value as Kinds[Kind]) : undefined;
  };
  const code = at('code', 'string');
  const known = isErrorCode(code);
  return new ParleyError(known ? code : 'internal', first.message, {
    ...(known ? {} : { serverCode: code, retryable: at('retryable', 'boolean') }),
    field: at('field', 'string'),
    limit: at('limit', 'number'),
    permission: at('permission', 'string'),
    retryAfterMs: at('retryAfterMs', 'number'),
    requestId: at('requestId', 'string'),
  });
}

/** @throws the first error of the result */
export function dataOf(result: GraphqlResult): unknown {
  if (result.errors !== undefined && result.errors.length > 0) throw errorOf(result.errors);
  if (result.data === undefined || result.data === null) {
    throw new ParleyError('internal', 'unable to run the operation; the answer has no data');
  }
  return result.data;
}

/** Whatever was thrown, as a ParleyError. */
export function asParleyError(error: unknown, doing: string): ParleyError {
  if (error instanceof ParleyError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new ParleyError('disconnected', `unable to ${doing}; ${why}`, { cause: error });
}
