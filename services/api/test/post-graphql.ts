import type { World } from './world.ts';

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
  };
}

/** Sends a body as it is to the GraphQL address of the node: an object as JSON, a text and bytes letter for letter. */
export async function postGraphql(
  { url }: Pick<World, 'url'>,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  });
  // The shape of a GraphQL response over HTTP.
  return { status: response.status, headers: response.headers, body: (await response.json()) as GraphqlAnswer['body'] };
}

/** The code of the first error. */
export const codeOf = ({ body }: GraphqlAnswer): unknown => body.errors?.[0]?.extensions['code'];

/** Statements of the node's jobs are not the request's, and who asks is looked up before anything is read. */
export const ofRequest = (statements: readonly string[]) =>
  statements.filter(
    (text) =>
      !/outbox|presence_leases|channel_events|read-credential-statuses|api_keys|INTO users|roles-of-users/.test(text),
  );
