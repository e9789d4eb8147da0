import { invalidInput } from '@parley/contracts';
import type { ClientOptions } from './client.ts';
import type { Hints } from './connection/hints.ts';
import { hostHints } from './connection/hints.ts';
import type { WebSocketConstructor } from './connection/websocket.ts';
import type { Clock } from './lib/clock.ts';
import { systemClock } from './lib/clock.ts';

/** The parts of its surroundings that the client needs. */
export interface Host {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly hints: Hints;
  readonly fetch: typeof fetch;
  /** Null: there is none, as in Node 20. */
  readonly WebSocket: WebSocketConstructor | null;
}

/** @throws invalid_input */
export function hostOf(options: Pick<ClientOptions, 'fetch' | 'webSocket'>): Host {
  if (options.fetch === undefined && typeof globalThis.fetch !== 'function') {
    throw invalidInput('fetch', 'this host has no fetch: pass one');
  }
  const builtIn = typeof globalThis.WebSocket === 'function' ? globalThis.WebSocket : null;
  return {
    clock: systemClock,
    random: Math.random,
    hints: hostHints,
    // Bound late and to the global object: browsers refuse a fetch that was torn from it, and tests may replace it.
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    WebSocket: options.webSocket ?? builtIn,
  };
}
