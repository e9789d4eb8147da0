import { createClient } from '@parley/sdk-js';
import { type Logger, systemClock } from '@parley/service-kit';
import { createPeerScript } from './peer-script.ts';

/** What {@link startPeer} needs. */
export interface PeerOptions {
  readonly url: string;
  readonly userId: string;
  readonly channelIds: readonly string[];
  readonly getToken: () => Promise<string>;
  readonly logger: Logger;
}

/** Somebody to talk to: a client like any other, with a script instead of a person. Resolves once it listens; returns a function that ends it. */
export async function startPeer({ url, userId, channelIds, getToken, logger }: PeerOptions): Promise<() => void> {
  const client = createClient({ url, userId, getToken, logLevel: 'silent' });
  const cleanups: (() => void)[] = [];
  for (const channelId of channelIds) {
    const channel = client.channel(channelId);
    const script = createPeerScript({
      userId,
      clock: systemClock,
      onError: (error) => logger.warn({ err: error }, 'the simulated peer could not act'),
      hands: {
        markRead: () => channel.markRead(),
        react: (messageId, type) => channel.react(messageId, type),
        type: () => channel.keystroke(),
        send: (text) => channel.send(text),
      },
    });
    const unlisten = channel.on((event) => {
      if (event.__typename === 'MessageCreated') script.hear(event.message);
    });
    cleanups.push(script.stop, unlisten, channel.watch());
    await channel.ready();
  }
  return () => {
    for (const cleanup of cleanups.splice(0)) cleanup();
    client.disconnect();
  };
}
