import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Clock } from '../lib/clock.ts';
import { createTimer } from '../lib/timer.ts';

/** Turns keystrokes into "typing" and "stopped". */
export interface Keystrokes extends ChannelFeature {
  press(parentId: string | null): void;
  /** The user typed no more, or sent. */
  finish(): void;
}

const repeatMs = 2_500;
const idleMs = 5_000;

export function createKeystrokes(clock: Clock, say: (typing: boolean, parentId: string | null) => void): Keystrokes {
  const idle = createTimer(clock);
  let typing: { readonly parentId: string | null; readonly saidAt: number } | null = null;

  const finish = (): void => {
    idle.clear();
    const was = typing;
    typing = null;
    if (was !== null) say(false, was.parentId);
  };

  return {
    finish,
    /** Without a word: there is no connection to say it over. */
    stop() {
      idle.clear();
      typing = null;
    },
    press(parentId) {
      if (typing !== null && typing.parentId !== parentId) finish();
      if (typing === null || clock.now() - typing.saidAt >= repeatMs) {
        typing = { parentId, saidAt: clock.now() };
        say(true, parentId);
      }
      idle.set(finish, idleMs);
    },
  };
}
