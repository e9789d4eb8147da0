import { isErrorCode, ownValue, ParleyError } from '@parley/contracts';
import type { GraphqlFault, GraphqlResult } from '../connection/link.ts';

const textAt = (source: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = ownValue(source, name);
  return typeof value === 'string' ? value : undefined;
};
const numberAt = (source: Readonly<Record<string, unknown>>, name: string): number | undefined => {
  const value = ownValue(source, name);
  return typeof value === 'number' ? value : undefined;
};

const flagAt = (source: Readonly<Record<string, unknown>>, name: string): boolean | undefined => {
  const value = ownValue(source, name);
  return typeof value === 'boolean' ? value : undefined;
};

/** The first fault as the error that it is; one without a known code is `internal`, and may be retried when the server says so. */
export function errorOf(faults: readonly GraphqlFault[]): ParleyError {
  const [fault] = faults;
  if (fault === undefined)
    return new ParleyError('internal', 'unable to run the operation; the server refused it without a reason');
  const said = fault.extensions ?? {};
  const code = textAt(said, 'code');
  const known = isErrorCode(code);
  return new ParleyError(known ? code : 'internal', fault.message, {
    ...(known ? {} : { serverCode: code, retryable: flagAt(said, 'retryable') }),
    field: textAt(said, 'field'),
    limit: numberAt(said, 'limit'),
    permission: textAt(said, 'permission'),
    retryAfterMs: numberAt(said, 'retryAfterMs'),
    requestId: textAt(said, 'requestId'),
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
