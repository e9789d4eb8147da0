import type { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import { createTimer } from '../lib/timer.ts';
import { uuid } from '../lib/uuid.ts';
import { asParleyError } from '../operations/graphql-error.ts';
import type { Link, LinkEnd } from './link.ts';
import type { Tokens } from './tokens.ts';
import type { Transports } from './transports.ts';

/** A link that the server accepted. `on` is where its later events go; the new holder puts its own there. */
export interface OpenedLink {
  readonly link: Link;
  readonly sessionId: string;
  readonly on: { heard: () => void; ended: (end: LinkEnd) => void };
}

export interface AttemptOptions {
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly transports: Transports;
}

export interface AttemptOutcome {
  opened(opened: OpenedLink): void;
  ended(end: LinkEnd): void;
}

const openMs = 10_000;

/** Gets a token, opens a link and waits for its acceptance. Exactly one outcome, or none once it was stopped. */
export function startAttempt({ clock, tokens, transports }: AttemptOptions, outcome: AttemptOutcome): () => void {
  const deadline = createTimer(clock);
  let over = false;
  let link: Link | null = null;

  const stop = (dead = false): void => {
    over = true;
    deadline.clear();
    link?.close(dead);
    link = null;
  };
  const end = (reason: LinkEnd, dead = false): void => {
    if (over) return;
    stop(dead);
    outcome.ended(reason);
  };
  const fail = (error: ParleyError): void =>
    end(
      error.retryable
        ? { kind: 'lost', opened: true, leastDelayMs: 0, reason: error }
        : { kind: 'refused', reason: error },
    );

  const open = (token: string): void => {
    if (over) return;
    const on: OpenedLink['on'] = { heard: () => {}, ended: end };
    deadline.set(() => end({ kind: 'lost', opened: false, leastDelayMs: 0 }, true), openMs);
    link = transports.choose()(token, {
      heard: () => on.heard(),
      ended: (reason) => on.ended(reason),
      ready(sessionId) {
        if (over || link === null) return;
        const opened = { link, sessionId: sessionId ?? uuid(), on };
        link = null;
        stop();
        transports.opened();
        outcome.opened(opened);
      },
    });
  };

  tokens
    .renew()
    .then(open)
    .catch((error: unknown) => fail(asParleyError(error, 'connect')));
  return stop;
}
