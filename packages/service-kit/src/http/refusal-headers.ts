export interface Refusal {
  readonly status: number;
  /** How long to wait before another try, ms. */
  readonly retryAfterMs?: number | undefined;
}

/** Headers that a refusal adds: how to authenticate (RFC 9110 section 11.6.1), or when to come again, in whole seconds (section 10.2.3). */
export function refusalHeaders({ status, retryAfterMs }: Refusal): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  return retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
}
