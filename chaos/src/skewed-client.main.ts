import { createClient } from '@parley/sdk-js';
import { createHistory } from './history.ts';
import { trackChannel } from './workload/track-channel.ts';

// An SDK client in a process whose Date is wrong. It asks its parent for tokens, tells it what it takes in, and sends when it is told to.
const [url = '', subscriptionsUrl = '', appId = '', userId = '', channelId = ''] = process.argv.slice(2);
const sendToParent = (message: object): void => void process.send?.(message);

const waiting: ((token: string) => void)[] = [];
process.on(
  'message',
  (message: { readonly token?: string; readonly send?: { readonly id: string; readonly text: string } }) => {
    if (message.token !== undefined) waiting.shift()?.(message.token);
    const { send } = message;
    if (send === undefined) return;
    channel.send(send).then(
      ({ seq }) => sendToParent({ sent: send.id, seq }),
      (error: unknown) =>
        sendToParent({ failed: send.id, code: error instanceof Error && 'code' in error ? error.code : String(error) }),
    );
  },
);
process.on('disconnect', () => process.exit());

const client = createClient({
  url,
  subscriptionsUrl,
  getToken: () =>
    new Promise<string>((resolve) => {
      waiting.push(resolve);
      sendToParent({ wants: 'token' });
    }),
});
const channel = client.channel(channelId);
const { observations, startSeq } = await trackChannel(createHistory(), channel, { appId, userId });
sendToParent({ startSeq });
// What came while it opened lies before the start: people wrote meanwhile.
let sentUntil = observations.length;
setInterval(() => {
  const fresh = observations.slice(sentUntil);
  sentUntil = observations.length;
  if (fresh.length > 0) sendToParent({ observations: fresh });
}, 50);
