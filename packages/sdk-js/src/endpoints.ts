import { invalidInput } from '@parley/contracts';
import type { ClientOptions } from './client.ts';

/** @throws invalid_input */
export function endpointsOf({ url, subscriptionsUrl }: Pick<ClientOptions, 'url' | 'subscriptionsUrl'>): {
  readonly url: string;
  readonly subscriptionsUrl: string;
} {
  const api = parse('url', url, 'http');
  const socket = subscriptionsUrl ?? api.replace(/^http/, 'ws');
  return { url: api, subscriptionsUrl: parse('subscriptionsUrl', socket, 'ws') };
}

function parse(field: string, text: string, scheme: 'http' | 'ws'): string {
  try {
    // A page may give a path; it means its own origin.
    const base = typeof location === 'undefined' ? undefined : location.href;
    const url = new URL(text, base);
    // An address without a path is that of the server.
    if (url.pathname === '/') url.pathname = 'graphql';
    const { href } = url;
    if (href.startsWith(`${scheme}:`) || href.startsWith(`${scheme}s:`)) return href;
  } catch {
    // Said below, together with the wrong protocol.
  }
  throw invalidInput(field, `it must be an address that begins with ${scheme}:// or ${scheme}s://, not "${text}"`);
}
