import { invalidInput } from '@parley/contracts';
import type { ClientOptions } from './client.ts';

/** @throws invalid_input */
export function endpointsOf({ url, subscriptionsUrl }: Pick<ClientOptions, 'url' | 'subscriptionsUrl'>): {
  readonly url: string;
  readonly subscriptionsUrl: string;
} {
  const parsed = parse('url', url, /^https?:$/, 'an address that begins with http:// or https://');
  const socket = subscriptionsUrl ?? parsed.replace(/^http/, 'ws');
  return {
    url: parsed,
    subscriptionsUrl: parse('subscriptionsUrl', socket, /^wss?:$/, 'an address that begins with ws:// or wss://'),
  };
}

function parse(field: string, text: string, protocol: RegExp, rule: string): string {
  try {
    // A page may give a path; it means its own origin.
    const base = typeof location === 'undefined' ? undefined : location.href;
    const parsed = new URL(text, base);
    if (protocol.test(parsed.protocol)) return parsed.href;
  } catch {
    // Said below, together with the wrong protocol.
  }
  throw invalidInput(field, `it must be ${rule}, not "${text}"`);
}
