import type { Channel } from '@parley/sdk-js';
import type { History, MarkRead } from '../history.ts';
import type { Random } from '../random.ts';
import { persist } from './attempts.ts';

/** Somebody who now and then says to have read a channel. */
export interface Reader {
  greet(): void;
  finish(): Promise<void>;
}

export interface ReaderOptions {
  readonly appId: string;
  readonly userId: string;
  readonly channels: readonly Channel[];
  /** Times in a second. */
  readonly pace: number;
  readonly history: History;
  readonly random: Random;
}

const patienceMs = 120_000;
const pauseMs = 500;

export function startReader({ appId, userId, channels, pace, history, random }: ReaderOptions): Reader {
  const stop = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout;

  const markRead = async (channel: Channel): Promise<void> => {
    const seq = channel.messages.get().items.findLast(({ status }) => status === 'sent')?.seq ?? 0;
    if (seq === 0) return;
    const record: MarkRead = {
      kind: 'read',
      appId,
      channelId: channel.id,
      userId,
      invokedAt: Date.now(),
      endedAt: 0,
      outcome: 'unknown',
      code: null,
      seq,
    };
    history.reads.push(record);
    const ended = await persist(() => channel.markRead(seq), { patienceMs, pauseMs, signal: stop.signal });
    Object.assign(record, { outcome: ended.outcome, code: ended.code, endedAt: Date.now() });
  };
  const step = (): void => {
    timer = setTimeout(step, (1_000 / pace) * (0.5 + random.next()));
    const channel = random.pick(channels);
    // A second call would be answered from what the first one hopes for.
    if (underWay.has(channel.id)) return;
    underWay.set(
      channel.id,
      markRead(channel).finally(() => underWay.delete(channel.id)),
    );
  };
  timer = setTimeout(step, (1_000 / pace) * random.next());

  return {
    greet: () => undefined,
    async finish() {
      clearTimeout(timer);
      while (underWay.size > 0) await Promise.all(underWay.values());
      stop.abort();
    },
  };
}
