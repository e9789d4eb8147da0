import { createEmitter } from './emitter.ts';

/** A value that changes over time. `get()` returns the same reference until it changes, as `useSyncExternalStore` needs. */
export interface Store<T> {
  get(): T;
  /** Calls the listener after each change, never at once. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
}

export interface WritableStore<T> extends Store<T> {
  /** Says nothing to listeners when the value is the same one. */
  set(value: T): void;
  update(change: (value: T) => T): void;
}

export function createStore<T>(initial: T): WritableStore<T> {
  let value = initial;
  const changes = createEmitter<T>();
  const set = (next: T): void => {
    if (Object.is(next, value)) return;
    value = next;
    changes.emit(next);
  };
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe: (listener) => changes.on(() => listener()),
  };
}
