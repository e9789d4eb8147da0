import type { ServerResponse } from 'node:http';

const exposed = 'x-request-id, retry-after';

/**
 * Lets pages of this origin read the answer (null: none may). Tokens travel in a header that no browser adds by itself, so credentials are
 * never allowed, and what an answer without a token says, anybody may read.
 */
export function readableBy(res: ServerResponse, origin: string | null): void {
  res.setHeader('vary', 'origin');
  if (origin === null) {
    res.removeHeader('access-control-allow-origin');
    return;
  }
  res.setHeader('access-control-allow-origin', origin);
  res.setHeader('access-control-expose-headers', exposed);
}

/** A preflight carries no token, so it cannot know the app: any origin may ask, the answer itself decides. */
export function answerPreflight(res: ServerResponse, origin: string | null): void {
  readableBy(res, origin);
  res.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type, x-request-id',
    'access-control-max-age': '7200',
  });
  res.end();
}
