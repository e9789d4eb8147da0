import type { ServerClient } from '@parley/sdk-server';

/** Writes into one channel at an even pace, whatever the answers take; each text begins with the time at which it was due. */
export interface PacedWriter {
  /** Characters in texts that were answered so far. A machine that is busy answers fewer in the same time. */
  written(): number;
  /** Resolves with the count of messages when all are answered. */
  stop(): Promise<number>;
}

export interface PacedWriterOptions {
  readonly server: ServerClient;
  readonly userId: string;
  readonly channelId: string;
  readonly perSecond: number;
  /** Length of a text. */
  readonly length: number;
}

export function startPacedWriter({ server, userId, channelId, perSecond, length }: PacedWriterOptions): PacedWriter {
  const underWay = new Set<Promise<unknown>>();
  let sent = 0;
  let answered = 0;
  const timer = setInterval(() => {
    sent += 1;
    const text = `${Date.now()} `.padEnd(length, 'x');
    const send = server
      .sendMessage(userId, { channelId, text })
      .then(
        () => {
          answered += 1;
        },
        () => undefined,
      )
      .finally(() => underWay.delete(send));
    underWay.add(send);
  }, 1_000 / perSecond);
  return {
    written: () => answered * length,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return sent;
    },
  };
}

/** From when it was due until it was seen, ms. */
export const delayOf = ({ text, at }: { readonly text: string | null; readonly at: number }): number =>
  at - Number.parseInt(text ?? '', 10);
