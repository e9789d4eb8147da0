import { ParleyError } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { Topic } from './topic.ts';

/** Topics that ask at the same time: after a loss of the bus all of a node want to. */
const mostAtOnce = 20;

/** Read pointers are in no log, so what was published while the bus was away is asked for, once for each topic. */
export class ReadsRefresh {
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #due = new Set<Topic>();
  #failed: Topic[] = [];
  #askers = 0;

  constructor(logger: Pick<Logger, 'warn'>) {
    this.#logger = logger;
  }

  /** These have perhaps missed some. */
  note(topics: Iterable<Topic>): void {
    for (const topic of topics) this.#due.add(topic);
  }

  /** Asks for all that are due, those included that failed before. */
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
        await topic.refreshReads();
      } catch (err) {
        this.#failed.push(topic);
        this.#logger.warn(
          { err, channelId: topic.channelId },
          'unable to refresh the read pointers of a channel; it will be tried again',
        );
        // With the API away the others would fail as well.
        if (err instanceof ParleyError && (err.code === 'unavailable' || err.code === 'timeout')) break;
      }
    }
    this.#askers -= 1;
  }
}
