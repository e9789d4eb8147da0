import { ParleyError } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { Topic } from './topic.ts';

/** Topics that ask at the same time. After a loss of the bus all topics of a node want to. */
const mostAtOnce = 20;

/** Reads the pointers of each topic once after a loss of the bus: they are in no log. */
export class ReadsRefresh {
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #due = new Set<Topic>();
  #failed: Topic[] = [];
  #askers = 0;

  constructor(logger: Pick<Logger, 'warn'>) {
    this.#logger = logger;
  }

  /** These topics may have missed some. */
  note(topics: Iterable<Topic>): void {
    for (const topic of topics) this.#due.add(topic);
  }

  /** Reads the pointers of all topics that are due, and of those that failed before. */
  run(): void {
    this.note(this.#failed.splice(0));
    for (let free = Math.min(mostAtOnce - this.#askers, this.#due.size); free > 0; free -= 1) void this.#askInTurn();
  }

  close(): void {
    this.#due.clear();
    this.#failed = [];
  }

  async #askInTurn(): Promise<void> {
    this.#askers += 1;
    for (const topic of this.#due) {
      this.#due.delete(topic);
      try {
        await topic.receipts.refresh();
      } catch (error) {
        this.#failed.push(topic);
        this.#logger.warn(
          { err: error, channelId: topic.channelId },
          'unable to refresh the read pointers of a channel; it will be tried again',
        );
        // The others would fail as well while the API is away.
        if (error instanceof ParleyError && (error.code === 'unavailable' || error.code === 'timeout')) break;
      }
    }
    this.#askers -= 1;
  }
}
