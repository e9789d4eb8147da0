import { type ErrorCode, type ErrorDetails, isErrorCode, ownValue, ParleyError } from '@parley/contracts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The answers that a proxy in front of the API may give in its place. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
};

/** The `data` of a GraphQL answer. @throws the first error in it */
export function dataOf(status: number, body: string): unknown {
  const answer = parsed(body);
  if (!isObject(answer)) throw noGraphql(status);
  const errors = answer['errors'];
  if (Array.isArray(errors) && errors.length > 0) throw errorOf(errors[0], status);
  if (!isObject(answer['data'])) throw noGraphql(status);
  return answer['data'];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function noGraphql(status: number): ParleyError {
  const code = codeOfStatus[status] ?? 'internal';
  return new ParleyError(
    code,
    `unable to read the answer; HTTP ${status} came without a GraphQL result: is the URL that of /graphql?`,
  );
}

function errorOf(error: unknown, status: number): ParleyError {
  const fields = isObject(error) ? error : {};
  const extensions = isObject(fields['extensions']) ? fields['extensions'] : {};
  const code = isErrorCode(extensions['code']) ? extensions['code'] : (codeOfStatus[status] ?? 'internal');
  const message = typeof fields['message'] === 'string' ? fields['message'] : 'unable to answer; no reason was given';
  return new ParleyError(code, message, detailsOf(extensions));
}

function detailsOf(extensions: Fields): ErrorDetails {
  const text = (name: string) => {
    const value = ownValue(extensions, name);
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string) => {
    const value = ownValue(extensions, name);
    return typeof value === 'number' ? value : undefined;
  };
  const details = {
    field: text('field'),
    limit: number('limit'),
    permission: text('permission'),
    retryAfterMs: number('retryAfterMs'),
    requestId: text('requestId'),
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
