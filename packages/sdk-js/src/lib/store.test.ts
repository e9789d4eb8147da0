import { expect, test, vi } from 'vitest';
import { createEmitter } from './emitter.ts';
import { createStore } from './store.ts';

test('listeners hear of changes only, until they unsubscribe', () => {
  const store = createStore({ count: 0 });
  const listener = vi.fn();
  const unsubscribe = store.subscribe(listener);
  const first = store.get();
  store.set(first);
  expect(listener).not.toHaveBeenCalled();
  store.update(({ count }) => ({ count: count + 1 }));
  expect(listener).toHaveBeenCalledTimes(1);
  unsubscribe();
  unsubscribe();
  store.set(first);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('the same function may listen twice, and each unsubscribes its own', () => {
  const store = createStore(0);
  const listener = vi.fn();
  const unsubscribe = store.subscribe(listener);
  store.subscribe(listener);
  unsubscribe();
  unsubscribe();
  store.set(1);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('one that is unsubscribed while others are notified hears no more', () => {
  const emitter = createEmitter<number>();
  const second = vi.fn();
  let unsubscribe = (): void => {};
  emitter.on(() => unsubscribe());
  unsubscribe = emitter.on(second);
  emitter.emit(1);
  expect(second).not.toHaveBeenCalled();
});
