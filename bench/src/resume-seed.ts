import { mintUserToken } from '@parley/sdk-server';
import type { Client } from 'pg';

export interface SeedPlan {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
  readonly channels: number;
  /** Of each channel. */
  readonly clients: number;
  /** One of each of the first channels. */
  readonly senders: number;
  /** All of them members of one further channel. */
  readonly readers: number;
}

export interface SeededPeople {
  readonly tokens: readonly string[];
  readonly userIds: readonly string[];
  readonly channelIds: readonly string[];
}

export const burstChannelId = 'messaging:readers';
const channelOf = (index: number) => `messaging:room${index}`;

/** Writes users, channels and members as the API would, and mints the tokens. */
export async function seedPeople(
  sql: Client,
  plan: SeedPlan,
): Promise<{ readonly clients: SeededPeople; readonly senders: SeededPeople; readonly readers: SeededPeople }> {
  const { appId, channels, clients, senders, readers } = plan;
  const people = async (name: string, count: number, channelFor: (index: number) => string): Promise<SeededPeople> => {
    const userIds = Array.from({ length: count }, (_, index) => `${name}${index}`);
    const channelIds = userIds.map((_, index) => channelFor(index));
    await sql.query('INSERT INTO users (app_id, user_id, name) SELECT $1, u, u FROM unnest($2::text[]) u', [
      appId,
      userIds,
    ]);
    await sql.query(
      // Long ago: a user who just joined is notified of that again when it comes back.
      `INSERT INTO members (app_id, channel_id, user_id, created_at, updated_at)
       SELECT $1, c, u, now() - interval '1 day', now() - interval '1 day' FROM unnest($2::text[], $3::text[]) AS t (c, u)`,
      [appId, channelIds, userIds],
    );
    const { keyId, secret } = plan;
    const tokens = await Promise.all(
      userIds.map((userId) => mintUserToken({ keyId, secret }, userId, { expiresInSeconds: 86_400 })),
    );
    return { userIds, channelIds, tokens };
  };
  await sql.query(
    `INSERT INTO channels (app_id, channel_id, type, key, created_by, member_count)
     SELECT $1, 'messaging:' || k, 'messaging', k, 'ada', 1 FROM unnest($2::text[]) k`,
    [appId, [...Array.from({ length: channels }, (_, index) => `room${index}`), 'readers']],
  );
  return {
    clients: await people('client', channels * clients, (index) => channelOf(index % channels)),
    senders: await people('sender', senders, (index) => channelOf(index % channels)),
    readers: await people('readers', readers, () => burstChannelId),
  };
}
