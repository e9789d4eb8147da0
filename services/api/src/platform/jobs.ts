import type { Clock, Logger, TimerHandle } from '@parley/service-kit';

/** Work that a node does again and again by itself. */
export interface Jobs {
  /** Runs `work` `everyMs` after its last run ended; a run that fails is logged, and the next one comes all the same. */
  every(name: string, everyMs: number, work: () => Promise<unknown>): void;
  /** Starts no further run and waits for those in hand. Harmless when repeated. */
  stop(): Promise<void>;
}

export function createJobs({ clock, logger }: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> }): Jobs {
  const timers = new Set<TimerHandle>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  return {
    every(name, everyMs, work) {
      const run = async () => {
        try {
          await work();
        } catch (error) {
          logger.warn({ err: error, job: name }, 'a recurring job failed; it is run again');
        }
      };
      const schedule = () => {
        if (stopped) return;
        const timer = clock.setTimeout(() => {
          timers.delete(timer);
          const done = run().finally(() => {
            running.delete(done);
            schedule();
          });
          running.add(done);
        }, everyMs);
        timers.add(timer);
      };
      schedule();
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clock.clearTimeout(timer);
      timers.clear();
      await Promise.all(running);
    },
  };
}
