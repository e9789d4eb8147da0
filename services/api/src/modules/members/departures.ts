import type { MembersRemoved } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import type { ChannelLog } from '../../platform/channel-log.ts';
import type { Sql } from '../../platform/sql.ts';
import { endMemberships } from './repository.ts';

interface DeparturesDependencies {
  readonly sql: Sql;
  readonly log: Pick<ChannelLog, 'write'>;
}

interface Departed {
  readonly appId: string;
  readonly userId: string;
  readonly endAt: string;
}

const usersAtOnce = 20;
const channelsAtOnce = 50;

/**
 * Takes deleted users out of their channels, each channel in a transaction of its own, and is done with a user when none is left. What is left to do is
 * in the rows, so a node that dies in the middle leaves it for the next run, on any node. Who was added again after the deletion stays. Resolves with the
 * count of memberships ended.
 */
export async function endDeparted({ sql, log }: DeparturesDependencies): Promise<number> {
  const users = await sql.query<Departed>(
    `SELECT app_id AS "appId", user_id AS "userId", memberships_end_at AS "endAt" FROM users
      WHERE memberships_end_at IS NOT NULL ORDER BY memberships_end_at LIMIT ${usersAtOnce}`,
  );
  let ended = 0;
  for (const user of users) ended += await endSome({ sql, log }, user);
  return ended;
}

async function endSome({ sql, log }: DeparturesDependencies, { appId, userId, endAt }: Departed): Promise<number> {
  const channels = await sql.query<{ channelId: string }>(
    `SELECT m.channel_id AS "channelId" FROM members m JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id
      WHERE m.app_id = $1 AND m.user_id = $2 AND m.left_at IS NULL AND m.created_at <= $3 AND c.deleted_at IS NULL LIMIT ${channelsAtOnce}`,
    [appId, userId, endAt],
  );
  for (const { channelId } of channels) {
    const work = log.write(appId, channelId, {
      run: async (tx) => {
        const [gone] = await endMemberships(tx.sql, appId, channelId, [userId], 'removed');
        if (gone === undefined) return;
        const memberCount = tx.channel.memberCount - 1;
        tx.append<MembersRemoved>({ __typename: 'MembersRemoved', actor: null, userIds: [gone], memberCount });
        tx.patch({ memberCount });
      },
    });
    await work.catch((error: unknown) => {
      // Deleted meanwhile: there is nothing to leave any more.
      if (!(error instanceof ParleyError && error.code === 'not_found')) throw error;
    });
  }
  if (channels.length < channelsAtOnce)
    await sql.query(
      'UPDATE users SET memberships_end_at = NULL WHERE app_id = $1 AND user_id = $2 AND memberships_end_at = $3',
      [appId, userId, endAt],
    );
  return channels.length;
}
