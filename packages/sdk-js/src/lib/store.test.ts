import { expect, test, vi } from 'vitest';
import { createEmitter } from './emitter.ts';
import { createStore } from './store.ts';

test('listeners hear of changes only, until their undo', () => {
  const store = createStore({ count: 0 });
  const listener = vi.fn();
  const undo = store.subscribe(listener);
  const first = store.get();
  store.set(first);
  expect(listener).not.toHaveBeenCalled();
  store.update(({ count }) => ({ count: count + 1 }));
  expect(listener).toHaveBeenCalledTimes(1);
  undo();
  undo();
  store.set(first);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('the same function may listen twice, and each unsubscribes its own', () => {
  const store = createStore(0);
  const listener = vi.fn();
  const undo = store.subscribe(listener);
  store.subscribe(listener);
  undo();
  undo();
  store.set(1);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('one that is undone while others are told hears no more', () => {
  const emitter = createEmitter<number>();
  const second = vi.fn();
  let undo = (): void => {};
  emitter.on(() => undo());
  undo = emitter.on(second);
  emitter.emit(1);
  expect(second).not.toHaveBeenCalled();
});
