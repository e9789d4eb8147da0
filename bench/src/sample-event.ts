import type { MessageCreated } from '@parley/contracts';
import { buildEvent, buildMessage, buildUser } from '@parley/testkit/builders';

interface Sample {
  readonly id: string;
  readonly channelId: string;
  readonly seq: number;
  /** Who sends; `lastActiveAt` is null for one who is not online. */
  readonly user: { readonly id: string; readonly name: string; readonly lastActiveAt: string | null };
  readonly text: string;
  readonly at: string;
}

/** An event of the log as the API stores and publishes it, with every field that the schema has. */
export function messageCreated({ id, channelId, seq, user: sender, text, at }: Sample): MessageCreated {
  const user = buildUser({ ...sender, online: sender.lastActiveAt !== null, createdAt: at, updatedAt: at });
  const message = buildMessage({ id, channelId, seq, user, text, createdAt: at });
  return buildEvent('MessageCreated', { channelId, at, seq, actor: user, message });
}
