import { randomUUID } from 'node:crypto';
import type { History } from '../history.ts';
import type { Tenant } from '../world/tenant.ts';

const atOnce = 20;

/** Ada writes so many messages, some at once, each acknowledged. */
export async function sendMany(
  history: History,
  { appId, server }: Tenant,
  channelId: string,
  count: number,
): Promise<void> {
  let left = count;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      const [messageId, invokedAt] = [randomUUID(), Date.now()];
      const text = `message ${history.sends.length + 1} ${messageId}`;
      const { seq } = await server.sendMessage('ada', { id: messageId, channelId, text });
      history.sends.push({
        kind: 'send',
        appId,
        channelId,
        userId: 'ada',
        messageId,
        text,
        seq,
        attempts: 1,
        invokedAt,
        endedAt: Date.now(),
        outcome: 'ok',
        code: null,
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
}
