import { randomUUID } from 'node:crypto';
import type { Message, MessageCreated } from '@parley/contracts';
import { buildMessage } from '@parley/testkit/builders';
import type { Services } from '../src/graphql/services.ts';
import type { ChannelLog } from '../src/platform/channel-log.ts';
import type { Sql } from '../src/platform/sql.ts';

/** The least that the tests of the platform need of a chat: rows as the chat domain writes them, without its rules. */
export async function openChannel(
  sql: Sql,
  appId: string,
  channelId: string,
  memberIds: readonly string[] = [],
): Promise<void> {
  const [type = 'messaging', key = channelId] = channelId.split(':');
  await sql.query('INSERT INTO channels (app_id, channel_id, type, key, member_count) VALUES ($1, $2, $3, $4, $5)', [
    appId,
    channelId,
    type,
    key,
    memberIds.length,
  ]);
  await sql.query(`INSERT INTO users (app_id, user_id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`, [
    appId,
    memberIds,
  ]);
  await sql.query(`INSERT INTO members (app_id, channel_id, user_id) SELECT $1, $2, unnest($3::text[])`, [
    appId,
    channelId,
    memberIds,
  ]);
}

export interface SaidOptions {
  readonly userId?: string | null;
  readonly mentions?: readonly string[];
  readonly parentId?: string | null;
  readonly showInChannel?: boolean;
  readonly silent?: boolean;
  readonly kind?: 'REGULAR' | 'SYSTEM';
}

/** Sends a message: one row, one event. */
export function say(
  log: ChannelLog,
  appId: string,
  channelId: string,
  text: string,
  options: SaidOptions = {},
): Promise<MessageCreated> {
  const {
    userId = null,
    mentions = [],
    parentId = null,
    showInChannel = false,
    silent = false,
    kind = 'REGULAR',
  } = options;
  return log.write(appId, channelId, {
    run: async (tx) => {
      const id = randomUUID();
      await tx.sql.query(
        `INSERT INTO messages (app_id, message_id, channel_id, seq, kind, user_id, text, mentioned_user_ids, parent_id, show_in_channel, silent, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [appId, id, channelId, tx.nextSeq, kind, userId, text, mentions, parentId, showInChannel, silent, tx.at],
      );
      tx.patch({ lastMessageAt: tx.at });
      return tx.append<MessageCreated>({
        __typename: 'MessageCreated',
        actor: null,
        message: messageOf(id, channelId, tx.nextSeq, text, tx.at),
      });
    },
  });
}

export const messageOf = (id: string, channelId: string, seq: number, text: string, at: string): Message =>
  buildMessage({ id, channelId, seq, user: null, text, createdAt: at });

/** An app of the test's own. */
export async function newApp({
  apps,
}: Pick<Services, 'apps'>): Promise<{ appId: string; keyId: string; secret: string }> {
  const { key } = await apps.create({ name: 'Test' });
  return key;
}
