import type { MembersAdded, User } from '@parley/contracts';
import { limits } from '@parley/contracts';
import type { ChannelTransaction } from '../../platform/channel-log.ts';
import type { Sql } from '../../platform/sql.ts';
import type { MembershipDraft, MembershipRow } from './repository-memberships.ts';
import { ensureUsers, loadMemberships, saveMembers } from './repository-memberships.ts';

export type { MembershipDraft, MembershipRow } from './repository-memberships.ts';

/** The memberships of a channel as they are stored, with what the creation and the changes of a channel have in common. */
export interface Memberships {
  /** What is stored of these users' memberships, also of those who left; absent: never a member. */
  of(appId: string, channelId: string, userIds: readonly string[]): Promise<Map<string, MembershipRow>>;
  /** As `of`, within a channel's transaction. */
  within(tx: ChannelTransaction, userIds: readonly string[]): Promise<Map<string, MembershipRow>>;
  /** Whether the user left of its own accord: who did may come back, who was removed may not. */
  hasLeft(row: MembershipRow | undefined): boolean;
  /**
   * Adds or changes members within a channel's transaction, `joining` of whom were none before, and says so in events that each fit the bus. Who joins
   * has read everything up to the last of these, whose seq this resolves with. Each event counts the members as they are after all of them.
   */
  add(
    tx: ChannelTransaction,
    drafts: readonly MembershipDraft[],
    change: { readonly joining: number; readonly actor: User | null },
  ): Promise<number>;
}

export function createMemberships({ sql }: { readonly sql: Sql }): Memberships {
  return {
    of: (appId, channelId, userIds) => loadMemberships(sql, appId, channelId, userIds),
    within: (tx, userIds) => loadMemberships(tx.sql, tx.channel.appId, tx.channel.channelId, userIds),
    hasLeft: (row) => row !== undefined && !row.active && row.leftReason === 'left',
    async add(tx, drafts, { joining, actor }) {
      if (drafts.length === 0) return tx.nextSeq - 1;
      const { appId, channelId } = tx.channel;
      await ensureUsers(
        tx.sql,
        appId,
        drafts.map((draft) => draft.userId),
      );
      const events = Math.ceil(drafts.length / limits.membersPerEvent);
      const members = await saveMembers(tx.sql, appId, channelId, drafts, tx.nextSeq + events - 1);
      const memberCount = tx.channel.memberCount + joining;
      for (let from = 0; from < members.length; from += limits.membersPerEvent) {
        const some = members.slice(from, from + limits.membersPerEvent);
        tx.append<MembersAdded>({ __typename: 'MembersAdded', actor, members: some, memberCount });
      }
      tx.patch({ memberCount });
      return tx.nextSeq - 1;
    },
  };
}
