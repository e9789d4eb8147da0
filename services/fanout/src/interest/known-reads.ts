import type { ChannelSynced, ReadAdvanced, Seq } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { ReadPointers } from './read-pointers.ts';

/** Joins come in bursts. Later joins ask again: the pointers of a channel that nobody joins are not kept. */
const keepMs = 5_000;

export interface KnownReadsDeps {
  readonly clock: Clock;
  readonly channelId: string;
  /** Of the channel's log, as its topic knows it. */
  readonly epoch: () => string;
  /** Asks the API for all pointers of the channel. */
  readonly ask: () => Promise<readonly ReadAdvanced[]>;
}

/** The read pointers of one channel: asked for once in a burst of joins, and kept current by the bus. */
export class KnownReads {
  readonly #deps: KnownReadsDeps;
  /** Pointers from the bus for each question without an answer yet. */
  readonly #asking = new Set<ReadPointers>();
  #known: ReadPointers | undefined;
  #learning: Promise<readonly ReadAdvanced[]> | undefined;
  #synced: ChannelSynced | undefined;
  #isUsed = false;
  #timer: TimerHandle | undefined;

  constructor(deps: KnownReadsDeps) {
    this.#deps = deps;
  }

  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  /** Takes a pointer from the bus. */
  note(read: ReadAdvanced): void {
    for (const pointers of this.#asking) pointers.note(read);
    this.#known?.note(read);
    this.#synced = undefined;
  }

  /** Some pointers may be missing: the next join asks again. */
  forget(): void {
    this.#known = undefined;
    this.#learning = undefined;
    this.#synced = undefined;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Resolves when the pointers are known. All who wait share one question. @throws what `ask` throws */
  learn(): Promise<readonly ReadAdvanced[]> {
    if (this.#known !== undefined) return Promise.resolve(this.#known.values());
    this.#learning ??= this.#ask();
    return this.#learning;
  }

  /** One shared object for all who join at this position. Undefined when the pointers are not known. */
  syncedAt(seq: Seq): ChannelSynced | undefined {
    if (this.#known === undefined) return undefined;
    this.#isUsed = true;
    if (this.#synced?.seq === seq) return this.#synced;
    const { channelId, clock, epoch } = this.#deps;
    const at = new Date(clock.now()).toISOString();
    this.#synced = { __typename: 'ChannelSynced', channelId, at, seq, epoch: epoch(), reads: this.#known.values() };
    return this.#synced;
  }

  #forgetLater(): void {
    this.#isUsed = false;
    this.#timer = this.#deps.clock.setTimeout(() => (this.#isUsed ? this.#forgetLater() : this.forget()), keepMs);
  }

  #ask(): Promise<readonly ReadAdvanced[]> {
    const pointers = new ReadPointers();
    this.#asking.add(pointers);
    const learning = this.#deps
      .ask()
      .then((reads) => {
        for (const read of reads) pointers.note(read);
        // An answer to a question from before `forget` may lack what was missed.
        if (this.#learning === learning) {
          this.#known = pointers;
          this.#forgetLater();
        }
        return pointers.values();
      })
      .finally(() => {
        this.#asking.delete(pointers);
        if (this.#learning === learning) this.#learning = undefined;
      });
    return learning;
  }
}
