import { guarded } from './guarded.ts';

export interface Emitter<T> {
  /** Returns a function that unsubscribes. */
  on(listener: (value: T) => void): () => void;
  emit(value: T): void;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<{ readonly run: (value: T) => void }>();
  return {
    on(run) {
      const listener = { run };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) if (listeners.has(listener)) guarded(() => listener.run(value));
    },
  };
}
