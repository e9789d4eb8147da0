import { inspect } from 'node:util';
import { afterAll, afterEach } from 'vitest';

// A setup file of Vitest's. Left to itself, Vitest ends the run as failed for a rejection that nobody awaits, while the test that caused it passes. Here
// it fails the test in which it comes to light; as long as there is a listener of ours, Vitest says nothing of it.
const rejections: unknown[] = [];
const listener = (reason: unknown) => void rejections.push(reason);
// Kept before a test puts fake timers in its place.
const nextTurn = globalThis.setImmediate;

process.on('unhandledRejection', listener);
afterEach(blame);
afterAll(async () => {
  // What comes to light after the last test fails the file; what comes later still is Vitest's again.
  await blame().finally(() => process.off('unhandledRejection', listener));
});

async function blame(): Promise<void> {
  // Node says that nobody has taken a rejection when the work in hand is done.
  await new Promise((resolve) => nextTurn(resolve));
  const [first, ...others] = rejections.splice(0);
  if (first === undefined) return;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  throw new Error(`a promise was rejected and nobody awaited it: ${inspect(first).split('\n', 1)[0]}${more}`, {
    cause: first,
  });
}
