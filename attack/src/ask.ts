import type { Target } from './target.ts';

/** An answer of the GraphQL endpoint, whatever it was. */
export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  /** The code of the first error, or null. */
  readonly code: string | null;
  readonly message: string | null;
  readonly field: string | null;
  readonly bytes: number;
  readonly ms: number;
}

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message?: string;
    readonly extensions?: { readonly code?: string; readonly field?: string };
  }[];
}

const deadlineMs = 30_000;

/** Posts a body as it is. */
export async function postBody(
  { graphqlUrl }: Pick<Target, 'graphqlUrl'>,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
    signal: AbortSignal.timeout(deadlineMs),
  });
  const text = await response.text();
  const answer = parsed(text);
  const [first] = answer.errors ?? [];
  return {
    status: response.status,
    data: answer.data ?? null,
    code: first?.extensions?.code ?? (first === undefined ? null : 'none'),
    message: first?.message ?? null,
    field: first?.extensions?.field ?? null,
    bytes: text.length,
    ms: performance.now() - began,
  };
}

/** Runs one operation as the bearer of `token`; null: as a stranger. */
export const ask = (
  target: Pick<Target, 'graphqlUrl'>,
  token: string | null,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer> =>
  postBody(target, JSON.stringify({ query, variables }), token === null ? {} : { authorization: `Bearer ${token}` });

function parsed(text: string): Body {
  try {
    // What our own endpoint answers; every field is looked at before it is used.
    return JSON.parse(text) as Body;
  } catch {
    return { errors: [{ message: text.slice(0, 200), extensions: { code: 'not_json' } }] };
  }
}
