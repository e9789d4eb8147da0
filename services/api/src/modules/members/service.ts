import type { Channel, JsonObject, Member, MembersRemoved, User } from '@parley/contracts';
import { isOpenChannelType, limits, ParleyError } from '@parley/contracts';
import { channelId as anyChannelId, customData, orNull, parseWith, userId } from '@parley/schemas';
import { canonicalJson } from '@parley/service-kit';
import { z } from 'zod';
import { isDirect } from '../../domain/distinct-key.ts';
import { channelRoles, featuresOf } from '../../domain/grants.ts';
import { isAllPowerful, lacking } from '../../domain/permissions.ts';
import { mayCreateUsers } from '../../domain/visibility.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { ChannelLog, ChannelTransaction } from '../../platform/channel-log.ts';
import type { Page } from '../../platform/page.ts';
import { badCursor, decodeCursor, encodeCursor } from '../../platform/page.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import { takenAt } from '../../platform/user-id-taken.ts';
import type {
  ChannelAccess,
  ChannelAccessService,
  ChannelsService,
  MembershipDraft,
  Memberships,
} from '../channels/index.ts';
import type { UsersService } from '../users/index.ts';
import { endMemberships, pageMembers } from './repository.ts';

export interface MemberInput {
  readonly userId: string;
  readonly role?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
}
export interface AddMembersInput {
  readonly channelId: string;
  readonly members: readonly MemberInput[];
}
export interface RemoveMembersInput {
  readonly channelId: string;
  readonly userIds: readonly string[];
}

/** A member, and the channel that it is a member of. */
export interface ChannelMember extends Member {
  readonly channelId: string;
}

export interface MembersService {
  /** Who is a member already stays one; a role or custom data that is given replaces the stored one. @throws forbidden, invalid_input */
  add(actor: Actor, input: AddMembersInput): Promise<Channel>;
  /** Removing oneself is leaving. Who is no member already is left alone. @throws forbidden, invalid_input */
  remove(actor: Actor, input: RemoveMembersInput): Promise<Channel>;
  /** A page of each channel's members, by user id. The caller has made sure that they may be read. */
  pages(
    appId: string,
    channelIds: readonly string[],
    first: number,
    after: string | null,
  ): Promise<Map<string, Page<ChannelMember>>>;
}

const someOf = <T>(schema: z.ZodType<T>) =>
  z.array(schema).refine((list) => list.length >= 1 && list.length <= limits.membersPerCall, {
    message: `name 1 to ${limits.membersPerCall} a call`,
    params: { limit: limits.membersPerCall },
  });
const memberInput = z.object({
  userId,
  role: orNull(z.enum(channelRoles, `a role in a channel is one of ${channelRoles.join(', ')}`)),
  custom: orNull(customData),
});
type ParsedMember = z.output<typeof memberInput>;
const addInput = z.object({ channelId: anyChannelId, members: someOf(memberInput) });
const removeInput = z.object({ channelId: anyChannelId, userIds: someOf(userId) });

const newcomer = { role: 'member', custom: {}, active: false };

interface MembershipChange extends MembershipDraft {
  readonly joins: boolean;
}

export interface MembersDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly access: ChannelAccessService;
  readonly memberships: Memberships;
  readonly users: Pick<UsersService, 'byIds' | 'checkNamed'>;
  readonly channels: Pick<ChannelsService, 'present'>;
  readonly publisher: Pick<Publisher, 'ephemeral'>;
}

/** Only who holds every right, or owns the channel, may give a role or change the membership of another. */
const mayGiveRoles = (actor: Actor, access: ChannelAccess): boolean => isAllPowerful(actor) || access.role === 'owner';

export function createMembers({
  sql,
  log,
  access,
  memberships,
  users,
  channels,
  publisher,
}: MembersDependencies): MembersService {
  async function actingUser(actor: Actor): Promise<User | null> {
    const id = viewerOf(actor);
    return id === null ? null : ((await users.byIds(actor.appId, [id])).get(id) ?? null);
  }

  /** `again`: only those may be added who were members before and left. */
  async function mayAdd(
    actor: Actor,
    channelId: string,
    inputs: readonly ParsedMember[],
  ): Promise<ChannelAccess & { readonly again: boolean }> {
    const seen = await access.check(actor, channelId, 'read-channel');
    const joinsAlone = inputs.every((member) => member.userId === viewerOf(actor) && member.role === null);
    if (seen.capabilities.has('add-members') || (joinsAlone && isOpenChannelType(seen.type)))
      return { ...seen, again: false };
    // A direct conversation belongs to its people alike: each may have back whoever left it, and nobody may bring in others.
    if (isDirect(channelId) && seen.role !== null) return { ...seen, again: true };
    throw lacking('add-members', channelId);
  }

  /** Whom one may look up, or who was a member before: one may know of those. */
  async function checkNewcomers(actor: Actor, channelId: string, named: readonly MemberInput[]): Promise<void> {
    const ids = named.map(({ userId: id }) => id);
    const known = mayCreateUsers(actor) ? new Map() : await memberships.of(actor.appId, channelId, ids);
    await users.checkNamed(
      actor,
      ids.filter((id) => !known.has(id)),
      { action: 'add members', fieldOf: (id) => `members.${ids.indexOf(id)}.userId` },
    );
  }

  async function changesOf(
    tx: ChannelTransaction,
    inputs: readonly ParsedMember[],
    { rolesToo, again }: { readonly rolesToo: boolean; readonly again: boolean },
  ): Promise<MembershipChange[]> {
    const known = await memberships.within(
      tx,
      inputs.map((member) => member.userId),
    );
    const mayBeThere = ({ userId: id }: ParsedMember) => known.get(id)?.active || memberships.hasLeft(known.get(id));
    if (again && !inputs.every(mayBeThere)) throw lacking('add-members', tx.channel.channelId);
    return inputs.flatMap((member) => {
      const stored = known.get(member.userId);
      const base = stored?.active ? stored : newcomer;
      const draft = {
        userId: member.userId,
        role: member.role ?? base.role,
        custom: member.custom ?? base.custom,
        joins: !base.active,
      };
      const changes =
        draft.joins || draft.role !== base.role || canonicalJson(draft.custom) !== canonicalJson(base.custom);
      if (changes && !rolesToo && (draft.role !== 'member' || base.active)) {
        throw new ParleyError('forbidden', 'unable to add members; only an owner gives roles or changes a membership', {
          permission: 'add-members',
        });
      }
      return changes ? [draft] : [];
    });
  }

  return {
    async add(actor, input) {
      const { channelId, members } = parseWith(addInput, input);
      const inputs = [...new Map(members.map((member) => [member.userId, member])).values()];
      const [seen, actorUser] = await Promise.all([mayAdd(actor, channelId, inputs), actingUser(actor)]);
      if (!seen.again) await checkNewcomers(actor, channelId, members);
      const { joined, readSeq, at } = await log
        .write(actor.appId, channelId, {
          run: async (tx) => {
            const changes = await changesOf(tx, inputs, { rolesToo: mayGiveRoles(actor, seen), again: seen.again });
            const joins = changes.filter((change) => change.joins).map((change) => change.userId);
            const last = await memberships.add(tx, changes, { joining: joins.length, actor: actorUser });
            return { joined: joins, readSeq: last, at: tx.at };
          },
        })
        .catch(takenAt((id) => `members.${members.findIndex(({ userId: named }) => named === id)}.userId`));
      // No event of the log says where they have read to.
      if (featuresOf[seen.type].readReceipts)
        for (const userId of joined)
          publisher.ephemeral(actor.appId, { __typename: 'ReadAdvanced', channelId, at, userId, readSeq });
      return channels.present(actor.appId, channelId);
    },

    async remove(actor, input) {
      const { channelId, userIds: named } = parseWith(removeInput, input);
      const userIds = [...new Set(named)];
      const leaves = userIds.every((id) => id === viewerOf(actor));
      const [seen, actorUser] = await Promise.all([
        access.check(actor, channelId, leaves ? 'leave-channel' : 'remove-members'),
        actingUser(actor),
      ]);
      await log.write(actor.appId, channelId, {
        run: async (tx) => {
          if (!leaves && !mayGiveRoles(actor, seen)) {
            const known = await memberships.within(tx, userIds);
            if (
              [...known.values()].some((row) => row.active && row.role !== 'member' && row.userId !== viewerOf(actor))
            ) {
              throw new ParleyError(
                'forbidden',
                'unable to remove members; only an owner removes an owner or a moderator',
                {
                  permission: 'remove-members',
                },
              );
            }
          }
          const ended = await endMemberships(tx.sql, actor.appId, channelId, userIds, leaves ? 'left' : 'removed');
          if (ended.length === 0) return;
          const memberCount = tx.channel.memberCount - ended.length;
          tx.append<MembersRemoved>({ __typename: 'MembersRemoved', actor: actorUser, userIds: ended, memberCount });
          tx.patch({ memberCount });
        },
      });
      return channels.present(actor.appId, channelId);
    },

    async pages(appId, channelIds, first, after) {
      const from = after === null ? '' : decodeCursor(after);
      if (typeof from !== 'string') throw badCursor();
      const found = await pageMembers(sql, appId, channelIds, { after: from, count: first + 1 });
      return new Map(
        [...found].map(([channelId, members]) => [
          channelId,
          {
            edges: members.slice(0, first).map((member) => ({
              cursor: encodeCursor(member.user.id),
              node: { ...member, channelId },
            })),
            hasNextPage: members.length > first,
            hasPreviousPage: after !== null,
          },
        ]),
      );
    },
  };
}
