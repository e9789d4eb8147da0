import type { ReadAdvanced } from '@parley/contracts';

/** The farthest read pointer of each user. A pointer from the bus may be newer than an answer of the API. */
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
