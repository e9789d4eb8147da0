import type { Capability, ChannelTypeName, Member } from '@parley/contracts';
import { isChannelType, ParleyError } from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import { hasServerRights, viewerOf } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';
import { memberJson } from '../members/member-json.ts';
import type { ChannelRole } from './grants.ts';
import { granted, isChannelRole } from './grants.ts';

/** What a caller is to a channel that exists. */
export interface ChannelAccess {
  readonly channelId: string;
  readonly type: ChannelTypeName;
  /** Null: not a member. */
  readonly role: ChannelRole | null;
  readonly membership: Member | null;
  readonly capabilities: ReadonlySet<Capability>;
}

export interface ChannelAccessService {
  /**
   * Who may not read the channel gets one answer, whether it exists or not.
   * @throws forbidden naming the permission; not_found only to those who may do everything
   */
  check(actor: Actor, channelId: string, capability: Capability): Promise<ChannelAccess>;
  /** What the actor is to each of these channels, in one statement; deleted and unknown ones are absent. */
  capabilities(actor: Actor, channelIds: readonly string[]): Promise<Map<string, ChannelAccess>>;
}

interface AccessRow {
  readonly channelId: string;
  readonly type: string;
  readonly role: string | null;
  readonly membership: Member | null;
}

const doing: Readonly<Record<Capability, string>> = {
  'read-channel': 'read the channel',
  'send-message': 'send message',
  'send-reply': 'send reply',
  'send-reaction': 'change reactions',
  'send-typing': 'say who is typing',
  'read-events': 'mark as read',
  'update-own-message': 'update message',
  'update-any-message': 'update message',
  'delete-own-message': 'delete message',
  'delete-any-message': 'delete message',
  'hard-delete-message': 'delete message for good',
  'update-channel': 'update channel',
  'delete-channel': 'delete channel',
  'add-members': 'add members',
  'remove-members': 'remove members',
  'leave-channel': 'leave the channel',
};

/** A refusal that names the missing permission. */
export const lacking = (capability: Capability, channelId: string): ParleyError =>
  new ParleyError(
    'forbidden',
    `unable to ${doing[capability]}; you lack the permission ${capability} in ${channelId}`,
    {
      permission: capability,
    },
  );

/** A server token, also one that acts as a user, and the app role `admin` may do everything. */
export const isAllPowerful = (actor: Actor): boolean =>
  hasServerRights(actor) || (actor.kind === 'user' && actor.role === 'admin');

export function createChannelAccess({ sql }: { readonly sql: Sql }): ChannelAccessService {
  async function capabilities(actor: Actor, channelIds: readonly string[]): Promise<Map<string, ChannelAccess>> {
    if (channelIds.length === 0) return new Map();
    const rows = await sql.query<AccessRow>(
      `SELECT c.channel_id AS "channelId", c.type, m.role, CASE WHEN m.user_id IS NULL THEN NULL ELSE ${memberJson('m')} END AS membership
        FROM channels c LEFT JOIN members m
          ON m.app_id = c.app_id AND m.channel_id = c.channel_id AND m.user_id = $3 AND m.left_at IS NULL
        WHERE c.app_id = $1 AND c.channel_id = ANY($2) AND c.deleted_at IS NULL`,
      [actor.appId, channelIds, viewerOf(actor)],
    );
    const allPowerful = isAllPowerful(actor);
    const found = new Map<string, ChannelAccess>();
    for (const { channelId, type, role: name, membership } of rows) {
      if (!isChannelType(type)) continue;
      const role = name !== null && isChannelRole(name) ? name : null;
      found.set(channelId, { channelId, type, role, membership, capabilities: granted({ allPowerful, type, role }) });
    }
    return found;
  }

  return {
    capabilities,
    async check(actor, channelId, capability) {
      const access = (await capabilities(actor, [channelId])).get(channelId);
      if (access === undefined && isAllPowerful(actor)) {
        throw new ParleyError('not_found', `unable to ${doing[capability]}; there is no channel ${channelId}`);
      }
      if (access === undefined || !access.capabilities.has('read-channel')) throw lacking('read-channel', channelId);
      if (!access.capabilities.has(capability)) throw lacking(capability, channelId);
      return access;
    },
  };
}
