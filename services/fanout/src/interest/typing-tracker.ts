import { limits, type TypingChanged } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';

const maxTyping = 500;

/** The users who type in one channel. A user who falls silent without a word (a closed laptop) stops by itself. */
export class TypingTracker {
  readonly #clock: Clock;
  readonly #onStopped: (event: TypingChanged) => void;
  readonly #timers = new Map<string, TimerHandle>();

  constructor(clock: Clock, onStopped: (event: TypingChanged) => void) {
    this.#clock = clock;
    this.#onStopped = onStopped;
  }

  note(event: TypingChanged): void {
    const key = `${event.user.id} ${event.parentId ?? ''}`;
    this.#clock.clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    if (!event.typing || this.#timers.size >= maxTyping) return;
    const stop = () => {
      this.#timers.delete(key);
      this.#onStopped({ ...event, typing: false, at: new Date(this.#clock.now()).toISOString() });
    };
    this.#timers.set(key, this.#clock.setTimeout(stop, limits.typingMs));
  }

  close(): void {
    for (const timer of this.#timers.values()) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }
}
