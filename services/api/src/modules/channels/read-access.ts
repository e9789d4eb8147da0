import type { ChannelTypeName } from '@parley/contracts';
import { isChannelType, ParleyError } from '@parley/contracts';
import { granted, isChannelRole } from '../../domain/grants.ts';
import { isAllPowerful, lacking } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import { epochSql } from '../../platform/log-epoch.ts';
import type { Sql } from '../../platform/sql.ts';

/** Who wants to read which channel. */
export interface ReadQuestion {
  readonly actor: Actor;
  readonly channelId: string;
}

/** Where the log of a channel begins and ends. */
export interface LogBounds {
  /** Outside of which these positions mean nothing. */
  readonly epoch: string;
  readonly head: number;
  /** Events up to this one are pruned. */
  readonly floor: number;
}

interface FoundRow extends LogBounds {
  readonly type: string | null;
  readonly role: string | null;
}

/**
 * Whether each may read the channel: the bounds of its log, or the refusal. It is the answer of {@link ChannelAccessService.check} for
 * `read-channel`, for many actors in one statement. So bounds and permission are of one moment: a removal that the permission does not see comes
 * after the head.
 */
export async function readableLogs(
  sql: Sql,
  questions: readonly ReadQuestion[],
): Promise<readonly (LogBounds | ParleyError)[]> {
  if (questions.length === 0) return [];
  const rows = await sql.query<FoundRow>(
    `-- read-access
     SELECT ${epochSql} AS epoch, c.type, c.seq AS head, c.log_floor AS floor, m.role FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS q (app_id, channel_id, user_id, place)
       LEFT JOIN channels c ON c.app_id = q.app_id AND c.channel_id = q.channel_id AND c.deleted_at IS NULL
       LEFT JOIN members m ON m.app_id = c.app_id AND m.channel_id = c.channel_id AND m.user_id = q.user_id AND m.left_at IS NULL
      ORDER BY q.place`,
    [
      questions.map(({ actor }) => actor.appId),
      questions.map(({ channelId }) => channelId),
      questions.map(({ actor }) => viewerOf(actor)),
    ],
  );
  return questions.map(({ actor, channelId }, index) => {
    const row = rows[index];
    const type = row?.type ?? null;
    const allPowerful = isAllPowerful(actor);
    if (row !== undefined && type !== null && isChannelType(type) && mayRead(type, row.role, allPowerful))
      return { epoch: row.epoch, head: row.head, floor: row.floor };
    if (type === null && allPowerful)
      return new ParleyError('not_found', `unable to read the channel; there is no channel ${channelId}`);
    return lacking('read-channel', channelId);
  });
}

function mayRead(type: ChannelTypeName, name: string | null, allPowerful: boolean): boolean {
  const role = name !== null && isChannelRole(name) ? name : null;
  return granted({ allPowerful, type, role }).has('read-channel');
}
