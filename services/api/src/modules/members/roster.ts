import type { Member } from '@parley/contracts';
import type { ChannelTransaction } from '../../platform/channel-log.ts';
import type { MembershipDraft, MembershipRow } from './repository.ts';
import { ensureUsers, loadMemberships, saveMembers } from './repository.ts';

/** What is stored of these users' memberships, also of those who left; absent: never a member. */
export const membershipsOf = (
  tx: ChannelTransaction,
  userIds: readonly string[],
): Promise<Map<string, MembershipRow>> => loadMemberships(tx.sql, tx.channel.appId, tx.channel.channelId, userIds);

/** Adds or changes members within a channel's transaction; who joins has read everything up to the event that says so. */
export async function enrol(tx: ChannelTransaction, drafts: readonly MembershipDraft[]): Promise<Member[]> {
  const { appId, channelId } = tx.channel;
  await ensureUsers(
    tx.sql,
    appId,
    drafts.map((draft) => draft.userId),
  );
  return saveMembers(tx.sql, appId, channelId, drafts, tx.nextSeq);
}
