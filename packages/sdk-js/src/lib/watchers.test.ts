import { expect, test } from 'vitest';
import { createWatchers } from './watchers.ts';

test('the first watcher starts it, the last one ends it, and ending a watch twice counts once', () => {
  const log: string[] = [];
  const watchers = createWatchers(
    () => log.push(`start ${watchers.any}`),
    () => log.push(`end ${watchers.any}`),
  );
  const first = watchers.watch();
  const second = watchers.watch();
  expect(log).toEqual(['start true']);
  first();
  first();
  expect(watchers.any).toBe(true);
  second();
  expect(log).toEqual(['start true', 'end false']);
  watchers.watch();
  expect(log).toEqual(['start true', 'end false', 'start true']);
});
