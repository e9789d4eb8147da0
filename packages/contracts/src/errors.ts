/** Code of an error. A code is never reused; each has a page in `docs/errors/<code>.md`. */
export type ErrorCode =
  | 'unauthenticated'
  | 'wrong_user'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid_input'
  | 'invalid_query'
  | 'query_too_complex'
  | 'persisted_query_not_found'
  | 'payload_too_large'
  | 'rate_limited'
  | 'feature_disabled'
  | 'slow_consumer'
  | 'unavailable'
  | 'timeout'
  | 'disconnected'
  | 'internal';

/** What a code stands for in HTTP. The sentence that explains it is in the error registry. */
const statuses: Readonly<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  wrong_user: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  invalid_input: 400,
  invalid_query: 400,
  query_too_complex: 400,
  // Some clients send the document only after an answer of 200, as Apollo Server gives it.
  persisted_query_not_found: 200,
  payload_too_large: 413,
  rate_limited: 429,
  feature_disabled: 403,
  slow_consumer: 503,
  unavailable: 503,
  timeout: 504,
  disconnected: 503,
  internal: 500,
};

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(statuses, value);

/** HTTP status of a request that failed as a whole with this code. */
export const statusOf = (code: ErrorCode): number => statuses[code];
/** Whether the same request may succeed later, unchanged: what is throttled, away or broken, and a document that the client sends in full then. */
export const isRetryable = (code: ErrorCode): boolean => statusOf(code) >= 429 || code === 'persisted_query_not_found';

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
  /** Whether the server calls such a code retryable; absent: as the code itself. */
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** The `extensions` of a GraphQL error. */
export interface ErrorExtensions extends Omit<ErrorDetails, 'cause' | 'retryable'> {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** Address of the page about this code in the documentation. */
  readonly docs: string;
}

/** What every copy of this class marks its errors with: a bundle may hold two, one as an ES module and one as CommonJS (docs/adr/0020). */
const brand = /* @__PURE__ */ Symbol.for('parley.error');

/**
 * The one error class. The message reads "unable to <do what>; <why>". `instanceof ParleyError` holds for the errors of every copy of this package that is
 * loaded; for a subclass it holds as for any class.
 */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly details: Omit<ErrorDetails, 'cause'>;

  constructor(code: ErrorCode, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
    // Not declared, so that the types of two copies fit each other as well.
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this method
    return this === ParleyError ? value instanceof Error && brand in value : super[Symbol.hasInstance](value);
  }

  get retryable(): boolean {
    return this.details.retryable ?? isRetryable(this.code);
  }

  get status(): number {
    return statusOf(this.code);
  }

  /** Address of the page about this code in the documentation. */
  get docs(): string {
    return docsOf(this.code);
  }

  toExtensions(): ErrorExtensions {
    return { ...this.details, code: this.code, retryable: this.retryable, docs: this.docs };
  }

  /** For logs: `JSON.stringify` leaves out the message of an error otherwise. The cause stays out of it. */
  toJSON(): Pick<ParleyError, 'name' | 'message' | 'code' | 'details' | 'docs'> {
    const { name, message, code, details, docs } = this;
    return { name, message, code, details, docs };
  }
}

/** Address of the page about a code. */
export const docsOf = (code: ErrorCode): string =>
  `https://github.com/parley-chat/parley/blob/main/docs/errors/${code}.md`;

/** `invalid_input` that names the field, the rule and the cure in one sentence. */
export function invalidInput(field: string, rule: string, limit?: number): ParleyError {
  return new ParleyError(
    'invalid_input',
    `unable to accept ${field}; ${rule}`,
    limit === undefined ? { field } : { field, limit },
  );
}
