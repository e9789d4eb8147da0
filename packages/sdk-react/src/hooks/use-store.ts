import type { Store } from '@parley/sdk-js';
import { useCallback, useSyncExternalStore } from 'react';

/** The present value of a store; renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  const get = () => store.get();
  return useSyncExternalStore(subscribe, get, get);
}

/** A part of a store's value. `select` must return the same primitive or reference for the same state. */
export function useSelected<T, Selected>(store: Store<T>, select: (state: T) => Selected): Selected {
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  const get = () => select(store.get());
  return useSyncExternalStore(subscribe, get, get);
}
