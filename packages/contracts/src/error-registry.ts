import { type ErrorCode, isRetryable, statusOf } from './errors.ts';

/** Meaning of a code. A code is never reused; each has a page in `docs/errors/<code>.md`. */
export interface ErrorDefinition {
  /** HTTP status of a request that failed as a whole with this code. */
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly summary: string;
}

const definition = (code: ErrorCode, summary: string): ErrorDefinition => ({
  status: statusOf(code),
  retryable: isRetryable(code),
  summary,
});

/** Every code with its meaning. In a file of its own, so that a client does not carry the sentences. */
export const errorRegistry = /* @__PURE__ */ Object.freeze({
  unauthenticated: definition(
    'unauthenticated',
    'The token is missing, malformed, wrongly signed, expired or revoked.',
  ),
  wrong_user: definition('wrong_user', 'The token speaks for another user than the one whom the client belongs to.'),
  forbidden: definition('forbidden', 'The caller is known but lacks the permission that the message names.'),
  not_found: definition('not_found', 'There is no such thing, or the caller may not know that there is.'),
  conflict: definition('conflict', 'Something with this id exists and has other content.'),
  invalid_input: definition(
    'invalid_input',
    'A field of the input breaks the limit or the form that the message names.',
  ),
  invalid_query: definition('invalid_query', 'The GraphQL document cannot be parsed, or does not fit the schema.'),
  query_too_complex: definition(
    'query_too_complex',
    'The GraphQL document is too deep, too wide or too large, or its answer is over the limit.',
  ),
  persisted_query_not_found: definition(
    'persisted_query_not_found',
    'No document is stored under this hash; send it once together with the hash.',
  ),
  payload_too_large: definition('payload_too_large', 'The request body is over the limit.'),
  rate_limited: definition('rate_limited', 'Too many operations; wait retryAfterMs before the next one.'),
  feature_disabled: definition('feature_disabled', 'The channel type has this feature switched off.'),
  slow_consumer: definition(
    'slow_consumer',
    'The client reads slower than events arrive; it was disconnected so that it resumes.',
  ),
  unavailable: definition(
    'unavailable',
    'A part that the request needs is not reachable right now; nothing was written.',
  ),
  timeout: definition(
    'timeout',
    'No answer in time; the outcome is unknown. Retry with the same id: a send is never doubled.',
  ),
  disconnected: definition('disconnected', 'The client has no connection to the server.'),
  internal: definition('internal', 'An unexpected fault; quote the request id when you report it.'),
} satisfies Record<ErrorCode, ErrorDefinition>);
