import type { PresenceChanged } from '@parley/contracts';
import { reachOf, seesPresence } from '../../domain/visibility.ts';
import { type Actor, viewerOf } from '../../platform/actor.ts';
import type { UsersService } from '../users/index.ts';
import type { PresenceService } from './service.ts';

interface PresenceQuestion {
  readonly actor: Actor;
  readonly userIds: readonly string[];
}
interface PresenceAnswer {
  readonly events: readonly PresenceChanged[];
  /** Those whose presence the asker may not see: as if they were offline and had never been there. Absent: the asker sees everybody. */
  readonly hidden?: readonly string[];
}

/** For each, in the order asked; at most two statements, whatever the number. */
export async function readVisiblePresence(
  {
    presence,
    users,
  }: { readonly presence: Pick<PresenceService, 'readMany'>; readonly users: Pick<UsersService, 'sharingAmong'> },
  asked: readonly PresenceQuestion[],
): Promise<readonly PresenceAnswer[]> {
  const sharers = asked.filter(({ actor }) => seesPresence(actor) && reachOf(actor) === 'shared');
  const [states, shared] = await Promise.all([
    presence.readMany(asked.map(({ actor, userIds }) => ({ appId: actor.appId, userIds }))),
    users.sharingAmong(sharers.map(({ actor, userIds }) => ({ appId: actor.appId, viewer: viewerOf(actor), userIds }))),
  ]);
  const sets = new Map(sharers.map((question, index) => [question, shared[index]]));
  return asked.map((question, index) => {
    const { actor, userIds } = question;
    const events = states[index] ?? [];
    const everybody = seesPresence(actor) && reachOf(actor) === 'everybody';
    const visible = (id: string) => everybody || id === viewerOf(actor) || sets.get(question)?.has(id) === true;
    const hidden = userIds.filter((id) => !visible(id));
    if (everybody) return { events };
    return { events: events.map((state) => (visible(state.userId) ? state : neverThere(state.userId))), hidden };
  });
}

const neverThere = (userId: string): PresenceChanged => ({
  __typename: 'PresenceChanged',
  userId,
  online: false,
  lastActiveAt: null,
});
