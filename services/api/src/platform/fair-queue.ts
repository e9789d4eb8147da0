import { ParleyError } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { createFairTurns, type FairTurnsBounds, type Owner } from './fair-turns.ts';

/** Gives a place back. Harmless when repeated. */
export type Leave = () => void;

/** Lets work begin so that nobody waits for what one owner has begun. */
export interface FairQueue {
  /**
   * Resolves when there is a place: owners take turns, each in the order of its own calls. `most`: places that this owner may hold at once.
   * @throws rate_limited when the owner has too much waiting or waited too long for itself, unavailable when it waited too long for others
   */
  enter(owner: string, most: number): Promise<Leave>;
}

export interface FairQueueOptions extends FairTurnsBounds {
  /** How long a call waits at most, in ms. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

interface WaitingCall {
  timer: TimerHandle;
  readonly admit: (leave: Leave) => void;
}

/** Gives {@link FairTurns} its promises and timers. */
export function createFairQueue({ patienceMs, clock, ...bounds }: FairQueueOptions): FairQueue {
  const turns = createFairTurns<WaitingCall>(bounds);

  function leaveOf(owner: Owner<WaitingCall>): Leave {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      turns.end(owner);
      admitNext();
    };
  }

  function admitNext(): void {
    for (let turn = turns.next(); turn !== undefined; turn = turns.next()) {
      clock.clearTimeout(turn.call.timer);
      turn.call.admit(leaveOf(turn.owner));
    }
  }

  return {
    enter(name, most) {
      const begun = turns.begin(name, most);
      if (begun !== undefined) return Promise.resolve(leaveOf(begun));
      return new Promise((admit, reject) => {
        const call: WaitingCall = { admit, timer: undefined };
        const owner = turns.wait(name, most, call);
        if (owner === 'owner_full') reject(tooManyOfOwn(bounds.waitingEach));
        else if (owner === 'all_full') reject(busy(bounds.waitingInAll));
        else
          call.timer = clock.setTimeout(() => {
            turns.remove(owner, call);
            reject(owner.held >= owner.most ? ownTakeLong(patienceMs) : busy(patienceMs));
          }, patienceMs);
      });
    },
  };
}

const retryAfterMs = 1_000;

const tooManyOfOwn = (limit: number): ParleyError =>
  new ParleyError(
    'rate_limited',
    `unable to run the operation; ${limit} of yours wait for their turn, wait for their answers`,
    {
      limit,
      retryAfterMs,
    },
  );

const ownTakeLong = (limit: number): ParleyError =>
  new ParleyError(
    'rate_limited',
    `unable to run the operation; others of yours take longer than ${limit} ms, ask for less at a time`,
    {
      limit,
      retryAfterMs,
    },
  );

const busy = (limit: number): ParleyError =>
  new ParleyError('unavailable', 'unable to run the operation; this node has too much to do, try again', {
    limit,
    retryAfterMs,
  });
