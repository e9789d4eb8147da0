/** What a code means. A code is never reused; each has a page in `docs/errors/<code>.md`. */
export interface ErrorDefinition {
  /** HTTP status of a request that failed as a whole with this code. */
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly summary: string;
}

const definition = (status: number, retryable: boolean, summary: string): ErrorDefinition => ({
  status,
  retryable,
  summary,
});

export const errorRegistry = {
  unauthenticated: definition(401, false, 'The token is missing, malformed, wrongly signed, expired or revoked.'),
  forbidden: definition(403, false, 'The caller is known but lacks the permission that the message names.'),
  not_found: definition(404, false, 'There is no such thing, or the caller may not know that there is.'),
  conflict: definition(409, false, 'Something with this id exists and has other content.'),
  invalid_input: definition(400, false, 'A field of the input breaks the limit or the form that the message names.'),
  invalid_query: definition(400, false, 'The GraphQL document cannot be parsed, or does not fit the schema.'),
  query_too_complex: definition(
    400,
    false,
    'The GraphQL document is too deep, too wide or too large, or its answer is over the limit.',
  ),
  persisted_query_not_found: definition(
    404,
    true,
    'No document is stored under this hash; send it once together with the hash.',
  ),
  payload_too_large: definition(413, false, 'The request body is over the limit.'),
  rate_limited: definition(429, true, 'Too many operations; wait retryAfterMs before the next one.'),
  feature_disabled: definition(403, false, 'The channel type has this feature switched off.'),
  slow_consumer: definition(
    503,
    true,
    'The client reads slower than events arrive; it was disconnected so that it resumes.',
  ),
  unavailable: definition(503, true, 'A part that the request needs is not reachable right now; nothing was written.'),
  timeout: definition(
    504,
    true,
    'No answer in time; the outcome is unknown. Retry with the same id: a send is never doubled.',
  ),
  disconnected: definition(503, true, 'The client has no connection to the server.'),
  internal: definition(500, true, 'An unexpected fault; quote the request id when you report it.'),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorRegistry;

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorRegistry, value);

export interface ErrorDetails {
  /** The input field that is wrong, as a path: `members.0.userId`. */
  readonly field?: string | undefined;
  /** The limit that was broken. */
  readonly limit?: number | undefined;
  /** The capability that is missing. */
  readonly permission?: string | undefined;
  /** Milliseconds to wait before a retry. */
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  /** The code as the server has it, when a newer server uses one that this version does not know; `code` is `internal` then. */
  readonly serverCode?: string | undefined;
  /** What the server says of such a code; absent: as the code has it. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** What a refusal says in `extensions` of a GraphQL error. */
export interface ErrorExtensions extends Omit<ErrorDetails, 'cause' | 'retryable'> {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** Path of the page about this code in the documentation. */
  readonly docs: string;
}

/** The one error class. The message reads "unable to <do what>; <why>". */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly details: Omit<ErrorDetails, 'cause'>;

  constructor(code: ErrorCode, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  get retryable(): boolean {
    return this.details.retryable ?? errorRegistry[this.code].retryable;
  }

  get status(): number {
    return errorRegistry[this.code].status;
  }

  /** Page about this code in the documentation. */
  get docs(): string {
    return docsOf(this.code);
  }

  toExtensions(): ErrorExtensions {
    return { ...this.details, code: this.code, retryable: this.retryable, docs: this.docs };
  }
}

export const docsOf = (code: ErrorCode): string => `docs/errors/${code}.md`;

/** `invalid_input` that names the field, the rule and the cure in one sentence. */
export function invalidInput(field: string, rule: string, limit?: number): ParleyError {
  return new ParleyError(
    'invalid_input',
    `unable to accept ${field}; ${rule}`,
    limit === undefined ? { field } : { field, limit },
  );
}
