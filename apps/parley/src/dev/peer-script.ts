import type { Message } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { createReplies, reactionTo } from './replies.ts';

/** What the peer can do in its channel. */
export interface PeerHands {
  markRead(): Promise<unknown>;
  react(messageId: string, type: string): Promise<unknown>;
  type(): void;
  send(text: string): Promise<unknown>;
}

/** What {@link createPeerScript} needs. */
export interface PeerScriptOptions {
  readonly userId: string;
  readonly hands: PeerHands;
  readonly clock: Clock;
  /** Called with each error; the peer goes on. */
  onError(error: unknown): void;
}

/** Decides what the peer does about messages, and when. */
export interface PeerScript {
  hear(message: Message): void;
  /** Nothing happens afterwards. */
  stop(): void;
}

const readAfterMs = 250;
const typeAfterMs = 600;
const betweenRepliesMs = 3_000;
const typingMs = (text: string): number => Math.min(600 + text.length * 10, 1_800);

/**
 * Reads, types, answers. At most one answer is on its way; what is said meanwhile is answered together, by one that fits
 * the newest. It never answers itself, threads or what no person said.
 */
export function createPeerScript({ userId, hands, clock, onError }: PeerScriptOptions): PeerScript {
  const replyTo = createReplies();
  const timers = new Set<TimerHandle>();
  let newest: Message | null = null;
  let answering = false;
  let lastReplyAt = Number.NEGATIVE_INFINITY;
  let stopped = false;

  const later = (ms: number, step: () => void) => {
    if (stopped) return;
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      step();
    }, ms);
    timers.add(timer);
  };
  const attempt = (deed: Promise<unknown>) => void deed.catch(onError);

  const answer = () => {
    answering = newest !== null;
    if (!answering) return;
    const wait = Math.max(typeAfterMs, lastReplyAt + betweenRepliesMs - clock.now());
    later(wait, () => {
      if (newest === null) return;
      const reply = replyTo(newest.text, nameOf(newest));
      newest = null;
      hands.type();
      later(typingMs(reply), () => {
        lastReplyAt = clock.now();
        attempt(hands.send(reply));
        answer();
      });
    });
  };

  return {
    hear(message) {
      if (stopped || message.user === null || message.user.id === userId) return;
      if (message.kind !== 'REGULAR' || message.parentId !== null || message.deletedAt !== null) return;
      later(readAfterMs, () => attempt(hands.markRead()));
      const reaction = reactionTo(message.text);
      if (reaction !== null) later(typeAfterMs, () => attempt(hands.react(message.id, reaction)));
      newest = message;
      if (!answering) answer();
    },
    stop() {
      stopped = true;
      for (const timer of timers) clock.clearTimeout(timer);
      timers.clear();
    },
  };
}

const nameOf = ({ user }: Message): string => user?.name?.split(' ')[0] ?? user?.id ?? '';
