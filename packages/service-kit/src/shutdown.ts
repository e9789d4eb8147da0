import { type Clock, systemClock } from './clock.ts';
import type { Logger } from './logger.ts';

/** The part of the process that signals come from. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/** Dependencies of {@link createShutdown}. */
export interface ShutdownOptions {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** For all steps together, in ms. */
  readonly deadlineMs: number;
  readonly clock?: Clock;
  /** Default: this process. */
  readonly signals?: SignalSource;
}

/** Stops a service in order, once, within a deadline. */
export interface Shutdown {
  /** Steps run in the order in which they were added: refuse new work, let work in hand end, close what it needs. */
  add(step: string, act: () => Promise<void> | void): void;
  /**
   * Runs the steps; a second call waits for the first. A step that fails is logged and the next still runs. Past the deadline the step in hand is
   * left and the rest are started together without waiting for them. Resolves to whether every step ended well.
   */
  run(reason: string): Promise<boolean>;
  /** Runs on SIGINT and SIGTERM, then exits: 0 when all went well, else 1. A second signal exits at once. Returns a function that unsubscribes. */
  onSignals(): () => void;
}

const tooLate = Symbol('too late');

export function createShutdown({
  logger,
  deadlineMs,
  clock = systemClock,
  signals = process,
}: ShutdownOptions): Shutdown {
  const steps: { readonly name: string; readonly act: () => Promise<void> | void }[] = [];
  let running: Promise<boolean> | undefined;

  const runAll = async (reason: string): Promise<boolean> => {
    logger.info({ reason }, 'shutting down');
    let ok = true;
    let late = false;
    let timer: unknown;
    const deadline = new Promise<typeof tooLate>((resolve) => {
      timer = clock.setTimeout(() => resolve(tooLate), deadlineMs);
    });
    for (const { name, act } of steps) {
      const acted = (async () => act())().catch((error: unknown) => {
        ok = false;
        logger.error({ err: error, step: name }, 'a step of the shutdown failed');
      });
      if (late) continue;
      if ((await Promise.race([acted, deadline])) !== tooLate) continue;
      late = true;
      ok = false;
      logger.error({ step: name, deadlineMs }, 'the shutdown took too long; leaving the step in hand');
    }
    clock.clearTimeout(timer);
    logger.info({ ok }, 'shut down');
    return ok;
  };
  const run = (reason: string): Promise<boolean> => {
    running ??= runAll(reason);
    return running;
  };

  return {
    add(name, act) {
      steps.push({ name, act });
    },
    run,
    onSignals() {
      let asked = false;
      const onSignal = (signal: string) => {
        if (asked) {
          logger.warn({ signal }, 'asked twice; leaving at once');
          return signals.exit(1);
        }
        asked = true;
        void run(signal).then((ok) => signals.exit(ok ? 0 : 1));
      };
      const onInterrupt = () => onSignal('SIGINT');
      const onTerminate = () => onSignal('SIGTERM');
      signals.on('SIGINT', onInterrupt);
      signals.on('SIGTERM', onTerminate);
      return () => {
        signals.off('SIGINT', onInterrupt);
        signals.off('SIGTERM', onTerminate);
      };
    },
  };
}
