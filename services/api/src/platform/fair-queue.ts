import { ParleyError } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';

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

export interface FairQueueOptions {
  /** Places in all. */
  readonly places: number;
  /** Calls of one owner that may wait. */
  readonly waitingEach: number;
  /** Calls of all owners that may wait. */
  readonly waitingInAll: number;
  /** How long a call waits at most, in ms. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

interface Waiting {
  readonly timer: TimerHandle;
  readonly admit: (leave: Leave) => void;
}

interface Owner {
  readonly name: string;
  /** As of its latest call. */
  most: number;
  held: number;
  readonly waiting: Set<Waiting>;
}

export function createFairQueue(options: FairQueueOptions): FairQueue {
  const { places, waitingEach, waitingInAll, patienceMs, clock } = options;
  const owners = new Map<string, Owner>();
  /** Those with something waiting, the next one first. */
  const turns = new Set<Owner>();
  let held = 0;
  let waitingNow = 0;

  const ownerOf = (name: string): Owner => {
    const owner = owners.get(name) ?? { name, most: 1, held: 0, waiting: new Set<Waiting>() };
    owners.set(name, owner);
    return owner;
  };

  const forgetIdle = (owner: Owner) => {
    if (owner.held === 0 && owner.waiting.size === 0) owners.delete(owner.name);
  };

  function take(owner: Owner): Leave {
    held += 1;
    owner.held += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      held -= 1;
      owner.held -= 1;
      forgetIdle(owner);
      admitNext();
    };
  }

  function remove(owner: Owner, waiting: Waiting): void {
    clock.clearTimeout(waiting.timer);
    owner.waiting.delete(waiting);
    waitingNow -= 1;
    if (owner.waiting.size === 0) turns.delete(owner);
    forgetIdle(owner);
  }

  function admitNext(): void {
    for (const owner of turns) {
      if (held >= places) return;
      const [next] = owner.waiting;
      if (next === undefined || owner.held >= owner.most) continue;
      const leave = take(owner);
      remove(owner, next);
      // Whoever was served waits for all others before its next turn.
      if (turns.delete(owner)) turns.add(owner);
      next.admit(leave);
    }
  }

  return {
    enter(name, most) {
      const owner = ownerOf(name);
      owner.most = most;
      if (held < places && owner.held < most && owner.waiting.size === 0) return Promise.resolve(take(owner));
      if (owner.waiting.size >= waitingEach) return Promise.reject(tooManyOfOwn(waitingEach));
      if (waitingNow >= waitingInAll) return Promise.reject(busy(waitingInAll));
      return new Promise((admit, reject) => {
        const timer = clock.setTimeout(() => {
          remove(owner, waiting);
          reject(owner.held >= owner.most ? ownTakeLong(patienceMs) : busy(patienceMs));
        }, patienceMs);
        const waiting: Waiting = { timer, admit };
        owner.waiting.add(waiting);
        turns.add(owner);
        waitingNow += 1;
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
