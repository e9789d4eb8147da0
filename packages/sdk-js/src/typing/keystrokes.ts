import type { Clock } from '../lib/clock.ts';
import { createTimer } from '../lib/timer.ts';

/** Turns keystrokes into "typing" and "stopped". */
export interface Keystrokes {
  press(parentId: string | null): void;
  stop(): void;
  /** Stops without a word. */
  forget(): void;
}

const repeatMs = 2_500;
const idleMs = 5_000;

export function createKeystrokes(clock: Clock, say: (typing: boolean, parentId: string | null) => void): Keystrokes {
  const idle = createTimer(clock);
  let typing: { readonly parentId: string | null; readonly saidAt: number } | null = null;

  const stop = (): void => {
    idle.clear();
    const was = typing;
    typing = null;
    if (was !== null) say(false, was.parentId);
  };

  return {
    stop,
    forget() {
      idle.clear();
      typing = null;
    },
    press(parentId) {
      if (typing !== null && typing.parentId !== parentId) stop();
      if (typing === null || clock.now() - typing.saidAt >= repeatMs) {
        typing = { parentId, saidAt: clock.now() };
        say(true, parentId);
      }
      idle.set(stop, idleMs);
    },
  };
}
