import type { ParleyError } from '@parley/contracts';
import { backoffMs } from '../lib/backoff.ts';

/**
 * The state of the connection. `attempt` counts from 1 and names the one under way or next; `delayMs` is the wait before it, and `reason` why it is needed where that
 * lies with the token source.
 */
export type ConnectionState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'connected'; readonly sessionId: string }
  | {
      readonly name: 'waiting';
      readonly attempt: number;
      readonly delayMs: number;
      readonly reason?: ParleyError | undefined;
    }
  | { readonly name: 'failed'; readonly reason: ParleyError };

/** The state with the knowledge of the driver: a connection that breaks at once counts as one more failure. */
export type DriverState =
  | Exclude<ConnectionState, { readonly name: 'connected' }>
  | { readonly name: 'connected'; readonly sessionId: string; readonly attempt: number };

export type ConnectionInput =
  /** Somebody needs the connection. */
  | { readonly name: 'wanted' }
  /** Somebody asked for it by name, which also leaves `failed`. */
  | { readonly name: 'retried' }
  | { readonly name: 'opened'; readonly sessionId: string }
  /** `stable`: it held long enough to start counting anew. `random` in [0, 1). */
  | {
      readonly name: 'lost';
      readonly random: number;
      readonly stable: boolean;
      readonly leastDelayMs: number;
      readonly reason?: ParleyError | undefined;
    }
  /** The wait is over, or there is reason to cut it short. */
  | { readonly name: 'due' }
  | { readonly name: 'refused'; readonly reason: ParleyError }
  | { readonly name: 'stopped' };

export const idle: DriverState = { name: 'idle' };

/** The whole of the connection's behaviour; effects are the driver's. An input that does not fit a state changes nothing. */
export function nextState(state: DriverState, input: ConnectionInput): DriverState {
  switch (input.name) {
    case 'wanted':
      return state.name === 'idle' ? { name: 'connecting', attempt: 1 } : state;
    case 'retried':
      if (state.name === 'waiting') return { name: 'connecting', attempt: state.attempt };
      return state.name === 'idle' || state.name === 'failed' ? { name: 'connecting', attempt: 1 } : state;
    case 'opened':
      return state.name === 'connecting'
        ? { name: 'connected', sessionId: input.sessionId, attempt: state.attempt }
        : state;
    case 'lost': {
      if (state.name !== 'connecting' && state.name !== 'connected') return state;
      const failures = state.name === 'connected' && input.stable ? 0 : state.attempt;
      const delayMs = Math.max(input.leastDelayMs, backoffMs(failures, input.random));
      return { name: 'waiting', attempt: failures + 1, delayMs, reason: input.reason };
    }
    case 'due':
      return state.name === 'waiting' ? { name: 'connecting', attempt: state.attempt } : state;
    case 'refused':
      return state.name === 'idle' || state.name === 'failed' ? state : { name: 'failed', reason: input.reason };
    case 'stopped':
      return state.name === 'idle' ? state : idle;
  }
}
