/** What {@link FairTurns} knows of one owner. */
export interface Owner<Call> {
  readonly name: string;
  /** As of its latest call. */
  most: number;
  held: number;
  readonly waiting: Set<Call>;
}

export interface FairTurnsBounds {
  /** Places in all. */
  readonly places: number;
  /** Calls of one owner that may wait. */
  readonly waitingEach: number;
  /** Calls of all owners that may wait. */
  readonly waitingInAll: number;
}

/**
 * Who holds a place, who waits and whose turn is next. Owners take turns, each in the order of its own calls. It knows no timers and no promises: the
 * fair queue asks it and does what it says.
 */
export interface FairTurns<Call> {
  /** Takes a place at once; undefined: the call has to wait. `most`: places that this owner may hold at once. */
  begin(name: string, most: number): Owner<Call> | undefined;
  /** Puts a call behind the others of its owner, or says which bound it would pass. */
  wait(name: string, most: number, call: Call): Owner<Call> | 'owner_full' | 'all_full';
  /** The call whose turn it is, with a place taken for it; undefined: no place is free, or nobody who waits may hold one more. */
  next(): { readonly owner: Owner<Call>; readonly call: Call } | undefined;
  /** The call waits no more. Harmless for one that does not wait. */
  remove(owner: Owner<Call>, call: Call): void;
  /** Gives a place of the owner back. */
  end(owner: Owner<Call>): void;
  /** How many owners are remembered: those who hold a place or wait for one. */
  readonly size: number;
}

export function createFairTurns<Call>({ places, waitingEach, waitingInAll }: FairTurnsBounds): FairTurns<Call> {
  const owners = new Map<string, Owner<Call>>();
  /** Those with something waiting, the next one first. */
  const turns = new Set<Owner<Call>>();
  let held = 0;
  let waitingNow = 0;

  const ownerOf = (name: string): Owner<Call> => {
    const owner = owners.get(name) ?? { name, most: 1, held: 0, waiting: new Set<Call>() };
    owners.set(name, owner);
    return owner;
  };

  const forgetIdle = (owner: Owner<Call>) => {
    if (owner.held === 0 && owner.waiting.size === 0) owners.delete(owner.name);
  };

  const take = (owner: Owner<Call>): void => {
    held += 1;
    owner.held += 1;
  };

  function remove(owner: Owner<Call>, call: Call): void {
    if (!owner.waiting.delete(call)) return;
    waitingNow -= 1;
    if (owner.waiting.size === 0) turns.delete(owner);
    forgetIdle(owner);
  }

  return {
    begin(name, most) {
      const known = owners.get(name);
      const mustWait = known !== undefined && (known.held >= most || known.waiting.size > 0);
      if (held >= places || most < 1 || mustWait) return undefined;
      const owner = known ?? ownerOf(name);
      owner.most = most;
      take(owner);
      return owner;
    },
    wait(name, most, call) {
      const owner = ownerOf(name);
      owner.most = most;
      if (owner.waiting.size < waitingEach && waitingNow < waitingInAll) {
        owner.waiting.add(call);
        turns.add(owner);
        waitingNow += 1;
        return owner;
      }
      // An owner that is refused its only call leaves nothing behind.
      forgetIdle(owner);
      return owner.waiting.size >= waitingEach ? 'owner_full' : 'all_full';
    },
    next() {
      if (held >= places) return undefined;
      for (const owner of turns) {
        const [call] = owner.waiting;
        if (call === undefined || owner.held >= owner.most) continue;
        take(owner);
        remove(owner, call);
        // Whoever was served waits for all others before its next turn.
        if (turns.delete(owner)) turns.add(owner);
        return { owner, call };
      }
      return undefined;
    },
    remove,
    end(owner) {
      held -= 1;
      owner.held -= 1;
      forgetIdle(owner);
    },
    get size() {
      return owners.size;
    },
  };
}
