import type { ReadAdvanced } from '@parley/contracts';

/** The farthest known read pointer of each user: what is heard while the API is asked may be newer than its answer. */
export class ReadPointers {
  readonly #ofUsers = new Map<string, ReadAdvanced>();

  note(read: ReadAdvanced): void {
    const known = this.#ofUsers.get(read.userId);
    if (known === undefined || known.readSeq < read.readSeq) this.#ofUsers.set(read.userId, read);
  }

  values(): readonly ReadAdvanced[] {
    return [...this.#ofUsers.values()];
  }
}
