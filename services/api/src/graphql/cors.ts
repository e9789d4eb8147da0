import type { IncomingMessage, ServerResponse } from 'node:http';

const exposed = 'x-request-id, retry-after';
/** Headers of the request that the answer depends on. */
const vary = 'accept, accept-encoding, origin';
/** Names of headers, as many as a request may have. */
const headerNames = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/;
const usualHeaders = 'authorization, content-type, x-request-id';

/**
 * Lets pages of this origin read the answer (null: none may). Tokens travel in a header that no browser adds by itself, so credentials are
 * never allowed, and what an answer without a token says, anybody may read.
 */
export function readableBy(res: ServerResponse, origin: string | null): void {
  res.setHeader('vary', vary);
  if (origin === null) {
    res.removeHeader('access-control-allow-origin');
    return;
  }
  res.setHeader('access-control-allow-origin', origin);
  res.setHeader('access-control-expose-headers', exposed);
}

/**
 * A preflight carries no token, so it cannot know the app: any origin may ask, with any headers (clients add some of their own, for tracing), and the
 * answer itself decides.
 */
export function answerPreflight({ headers }: IncomingMessage, res: ServerResponse): void {
  readableBy(res, headers.origin ?? null);
  const asked = headers['access-control-request-headers'];
  res.writeHead(204, {
    vary: `access-control-request-headers, ${vary}`,
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': asked !== undefined && headerNames.test(asked) ? asked : usualHeaders,
    'access-control-max-age': '7200',
  });
  res.end();
}
