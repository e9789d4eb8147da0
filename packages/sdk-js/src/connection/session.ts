import { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import { createTimer } from '../lib/timer.ts';
import type { OpenedLink } from './attempt.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { Hints } from './hints.ts';
import type { LinkEnd } from './link.ts';
import type { Tokens } from './tokens.ts';
import { renewalDelay } from './tokens.ts';

export interface SessionOptions {
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly hints: Hints;
}

const checkMs = 5_000;
const renewAgainMs = 5_000;

/** Keeps an open link alive and its token fresh. Calls `ended` once, unless it was stopped before; stopping closes the link. */
export function holdSession(
  { clock, tokens, hints }: SessionOptions,
  { link, on }: OpenedLink,
  ended: (end: LinkEnd) => void,
): () => void {
  const renewal = createTimer(clock);
  let over = false;

  const stop = (dead = false): void => {
    over = true;
    heartbeat.stop();
    renewal.clear();
    unhint();
    link.close(dead);
  };
  const end = (reason: LinkEnd, dead = false): void => {
    if (over) return;
    stop(dead);
    ended(reason);
  };
  const lost: LinkEnd = { kind: 'lost', opened: true, leastDelayMs: 0 };

  const heartbeat = createHeartbeat(clock, link.ping, () => end(lost, true));
  // A laptop that woke, or a network that changed, is found out now instead of at the next beat.
  const unhint = hints.on(() => heartbeat.check(checkMs));
  on.heard = heartbeat.heard;
  on.ended = end;

  const plan = (): void => {
    const delay = tokens.renewable && tokens.claims !== null ? renewalDelay(tokens.claims, clock.now()) : null;
    if (delay !== null) renewal.set(renew, delay);
  };
  const renew = (): void =>
    void tokens.renew().then(
      (token) => {
        if (over) return;
        if (link.renew(token)) plan();
        else end(lost);
      },
      (error: unknown) => {
        if (over) return;
        // Somebody else is signed in: the session of the one before must not go on until its token ends.
        if (error instanceof ParleyError && error.code === 'wrong_user') end({ kind: 'refused', reason: error });
        // The session lives on until the old token ends; the server then says so.
        else renewal.set(renew, renewAgainMs);
      },
    );
  plan();
  return stop;
}
