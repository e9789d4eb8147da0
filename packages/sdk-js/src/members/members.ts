import { type Member, mapEach, mapUserOfMember } from '@parley/contracts';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import { newerUser } from '../users/newer-user.ts';

export interface Members extends ChannelFeature {
  readonly store: Store<readonly Member[]>;
}

/** Livestreams have no end of members; an app that shows them all asks for pages. */
const mostKept = 1_000;

export function createMembers(): Members {
  const store = createStore<readonly Member[]>([]);
  return {
    store,
    reset: ({ members }) => store.set(members),
    apply(event) {
      if (event.__typename === 'MembersAdded')
        store.update((known) => withMembers(known, event.members).slice(0, mostKept));
      if (event.__typename === 'UserUpdated')
        store.update((known) => mapEach(known, (member) => mapUserOfMember(member, newerUser(event.user))));
      if (event.__typename === 'MembersRemoved') {
        const gone = new Set(event.userIds);
        store.update((known) => known.filter(({ user }) => !gone.has(user.id)));
      }
    },
  };
}

/** Those who are known keep their place. */
function withMembers(known: readonly Member[], added: readonly Member[]): readonly Member[] {
  const byId = new Map(known.map((member) => [member.user.id, member]));
  for (const member of added) byId.set(member.user.id, member);
  return [...byId.values()];
}
