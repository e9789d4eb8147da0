import { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import { createTimer } from '../lib/timer.ts';
import type { OpenedLink } from './attempt.ts';
import { startAttempt } from './attempt.ts';
import type { Hints } from './hints.ts';
import type { Link, LinkEnd } from './link.ts';
import { holdSession } from './session.ts';
import type { ConnectionInput, ConnectionState, DriverState } from './state.ts';
import { idle, nextState } from './state.ts';
import type { Tokens } from './tokens.ts';
import type { Transports } from './transports.ts';

export interface Connection {
  readonly state: Store<ConnectionState>;
  /** The open link, null while there is none. Changes just before `state` says so. */
  readonly link: Store<Link | null>;
  /** Connects, unless it was refused for good. */
  need(): void;
  /** Connects now, also after a refusal. */
  retry(): void;
  stop(): void;
}

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly tokens: Tokens;
  readonly transports: Transports;
  readonly hints: Hints;
}

const stableMs = 10_000;

/** Does what the state machine says. Socket, timers and listeners end with the state that started them. */
export function createConnection(options: ConnectionOptions): Connection {
  const { clock, random, tokens, transports, hints } = options;
  const state = createStore<DriverState>(idle);
  const link = createStore<Link | null>(null);
  let leave: () => void = () => {};
  let fresh: OpenedLink | null = null;
  /** Set while another token is being tried after the server refused one. */
  let triedAnother = false;

  const go = (input: ConnectionInput): void => {
    const next = nextState(state.get(), input);
    if (next === state.get()) return;
    leave();
    leave = enter(next);
    state.set(next);
  };

  const onEnd = (end: LinkEnd, stable: boolean): void => {
    transports.ended(end);
    if (end.kind === 'refused') return void go({ name: 'refused', reason: end.reason });
    if (end.kind === 'unauthenticated') {
      if (!tokens.renewable || triedAnother) return void go({ name: 'refused', reason: refusal(end.why) });
      triedAnother = true;
    }
    const { leastDelayMs, reason } = end.kind === 'lost' ? end : { leastDelayMs: 0, reason: undefined };
    go({ name: 'lost', random: random(), stable, leastDelayMs, reason });
  };

  const connecting = (): (() => void) =>
    startAttempt(options, {
      opened(opened) {
        fresh = opened;
        triedAnother = false;
        go({ name: 'opened', sessionId: opened.sessionId });
      },
      ended: (end) => onEnd(end, false),
    });

  const connected = (): (() => void) => {
    const opened = fresh;
    if (opened === null) return () => {};
    fresh = null;
    const since = clock.now();
    const close = holdSession({ clock, tokens, hints }, opened, (end) => onEnd(end, clock.now() - since >= stableMs));
    link.set(opened.link);
    return () => {
      link.set(null);
      close();
    };
  };

  const waiting = (delayMs: number): (() => void) => {
    const timer = createTimer(clock);
    const due = (): void => go({ name: 'due' });
    timer.set(due, delayMs);
    const unhint = hints.on((hint) => {
      if (hint === 'try') due();
    });
    return () => {
      timer.clear();
      unhint();
    };
  };

  const enter = (next: DriverState): (() => void) => {
    if (next.name === 'connecting') return connecting();
    if (next.name === 'connected') return connected();
    if (next.name === 'waiting') return waiting(next.delayMs);
    return () => {};
  };

  return {
    state,
    link,
    need: () => go({ name: 'wanted' }),
    retry: () => go({ name: 'retried' }),
    stop: () => go({ name: 'stopped' }),
  };
}

function refusal(why: string): ParleyError {
  const message = why.startsWith('unable to')
    ? why
    : `unable to connect; ${why === '' ? 'the server refused the token' : why}`;
  return new ParleyError('unauthenticated', message);
}
