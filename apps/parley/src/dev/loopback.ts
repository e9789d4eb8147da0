import type { IncomingMessage } from 'node:http';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a request was meant for this machine. A page elsewhere can make its own name resolve to 127.0.0.1 and so reach
 * us as "same origin" (DNS rebinding); the name it used still stands in `Host`.
 */
export function isForLoopback(request: IncomingMessage): boolean {
  return isLoopbackUrl(`http://${request.headers.host ?? ''}`);
}

/** The origin that asks, when it is a page on this machine such as a development server on another port. */
export function loopbackOrigin(request: IncomingMessage): string | undefined {
  const { origin } = request.headers;
  return origin !== undefined && isLoopbackUrl(origin) ? origin : undefined;
}

function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && loopbackNames.has(new URL(text).hostname);
}
