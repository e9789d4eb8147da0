import type { Logger } from './logger.ts';

/** Listeners; one that throws hurts no other. */
export interface Listeners<T> {
  /** Returns a function that unsubscribes. It is harmless to call it twice. */
  add(listener: (value: T) => void): () => void;
  notify(value: T): void;
}

export function createListeners<T>(logger: Pick<Logger, 'error'>): Listeners<T> {
  const listeners = new Set<{ readonly listener: (value: T) => void }>();
  return {
    add(listener) {
      const entry = { listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    notify(value) {
      for (const { listener } of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          logger.error({ err: error }, 'a listener failed');
        }
      }
    },
  };
}
