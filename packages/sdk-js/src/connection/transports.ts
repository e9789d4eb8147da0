import { invalidInput } from '@parley/contracts';
import type { LinkEnd, OpenLink } from './link.ts';

/** Which transport the next attempt takes. */
export interface Transports {
  /** @throws invalid_input when there is none */
  choose(): OpenLink;
  opened(): void;
  ended(end: LinkEnd): void;
}

export interface TransportsOptions {
  readonly mode: 'auto' | 'websocket' | 'sse';
  /** Null: the host has no WebSocket. */
  readonly websocket: OpenLink | null;
  readonly sse: OpenLink;
}

const failuresBeforeSse = 2;

/**
 * `auto`: WebSocket, until it could not be opened twice in a row; then SSE, which only opens when plain requests get through. Whenever that link
 * ends, WebSocket has one try again.
 */
export function createTransports({ mode, websocket, sse }: TransportsOptions): Transports {
  let failures = 0;
  let chosen: OpenLink = sse;
  return {
    choose() {
      if (mode === 'websocket' && websocket === null) {
        throw invalidInput('webSocket', 'this host has none: pass one (on Node 20, that of the `ws` package)');
      }
      chosen =
        mode === 'sse' || websocket === null || (mode === 'auto' && failures >= failuresBeforeSse) ? sse : websocket;
      return chosen;
    },
    opened() {
      failures = chosen === sse ? failuresBeforeSse : 0;
    },
    ended(end) {
      if (chosen === sse) failures = failuresBeforeSse - 1;
      else if (end.kind === 'lost' && !end.opened) failures += 1;
    },
  };
}
