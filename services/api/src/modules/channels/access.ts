import type { Capability, ChannelTypeName, Member } from '@parley/contracts';
import { isChannelType, ParleyError } from '@parley/contracts';
import type { ChannelRole } from '../../domain/grants.ts';
import { granted, isChannelRole } from '../../domain/grants.ts';
import { memberJson } from '../../domain/member-json.ts';
import { actionOf, isAllPowerful, lacking } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import { createBatcher } from '../../platform/batcher.ts';
import { oneRow, unnestUnseen } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';

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
  readonly type: string | null;
  readonly role: string | null;
  readonly membership: Member | null;
}

interface AccessQuestion {
  readonly actor: Actor;
  readonly channelId: string;
}

/** Questions of one statement. */
const askedTogether = 500;

export function createChannelAccess({ sql }: { readonly sql: Sql }): ChannelAccessService {
  const ask = (questions: readonly AccessQuestion[]) => readAccess(sql, questions);
  const batched = createBatcher({ ask, most: askedTogether, concurrency: 2 });

  return {
    async capabilities(actor, channelIds) {
      if (channelIds.length === 0) return new Map();
      const found = await ask(channelIds.map((channelId) => ({ actor, channelId })));
      return new Map(found.flatMap(({ access }) => (access === null ? [] : [[access.channelId, access] as const])));
    },
    async check(actor, channelId, capability) {
      const { access } = await batched({ actor, channelId });
      if (access === null && isAllPowerful(actor)) {
        throw new ParleyError('not_found', `unable to ${actionOf[capability]}; there is no channel ${channelId}`);
      }
      if (access === null || !access.capabilities.has('read-channel')) throw lacking('read-channel', channelId);
      if (!access.capabilities.has(capability)) throw lacking(capability, channelId);
      return access;
    },
  };
}

/** What each is to the channel, in the order asked for, in one statement; null: it is not there. */
async function readAccess(
  sql: Sql,
  questions: readonly AccessQuestion[],
): Promise<readonly { readonly access: ChannelAccess | null }[]> {
  const rows = await sql.query<AccessRow>(
    `-- channel-access
     SELECT c.type, m.role, m.membership
       FROM ${unnestUnseen('text', 'text', 'text')} WITH ORDINALITY AS q (app_id, channel_id, user_id, place)
       LEFT JOIN LATERAL ${oneRow(`SELECT c.type FROM channels c
         WHERE c.app_id = q.app_id AND c.channel_id = q.channel_id AND c.deleted_at IS NULL`)} AS c ON TRUE
       LEFT JOIN LATERAL ${oneRow(`SELECT m.role, ${memberJson('m')} AS membership FROM members m
         WHERE m.app_id = q.app_id AND m.channel_id = q.channel_id AND m.user_id = q.user_id AND m.left_at IS NULL`)} AS m ON c.type IS NOT NULL
      ORDER BY q.place`,
    [
      questions.map(({ actor }) => actor.appId),
      questions.map(({ channelId }) => channelId),
      questions.map(({ actor }) => viewerOf(actor)),
    ],
  );
  return questions.map(({ actor, channelId }, index) => {
    const { type = null, role: name = null, membership = null } = rows[index] ?? {};
    if (type === null || !isChannelType(type)) return { access: null };
    const role = name !== null && isChannelRole(name) ? name : null;
    const capabilities = granted({ allPowerful: isAllPowerful(actor), type, role });
    return { access: { channelId, type, role, membership, capabilities } };
  });
}
