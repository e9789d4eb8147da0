import { mapUserOfChannel, mapUserOfMember } from '@parley/contracts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import { newerUser } from '../users/newer-user.ts';
import type { ChannelState } from './channel.ts';
import { isLogged } from './channel-event.ts';
import type { ChannelFeature } from './channel-feature.ts';
import type { Viewer } from './snapshot.ts';

/** The channel itself, and the viewer in it. */
export interface Info extends ChannelFeature {
  readonly store: Store<ChannelState>;
  setViewer(viewer: Viewer): void;
  /** Takes over what an answer says of the channel, unless an event said newer things. */
  setData(data: NonNullable<ChannelState['data']>): void;
}

export function createInfo(): Info {
  const store = createStore<ChannelState>({
    status: 'idle',
    data: null,
    membership: null,
    capabilities: [],
    error: null,
  });
  const change = (part: Partial<ChannelState>): void => store.update((state) => ({ ...state, ...part }));

  return {
    store,
    reset: ({ data, viewer: { membership, capabilities } }) => change({ data, membership, capabilities }),
    setViewer: ({ membership, capabilities }) => change({ membership, capabilities }),
    status(status, error) {
      const { status: before, error: errorBefore } = store.get();
      if (status !== before || error !== errorBefore) change({ status, error });
    },
    setData(data) {
      const known = store.get().data;
      if (known === null || known.updatedAt <= data.updatedAt)
        change({ data: { ...data, seq: Math.max(data.seq, known?.seq ?? 0) } });
    },
    apply(event) {
      const { data, membership } = store.get();
      if (data === null) return;
      if (event.__typename === 'UserUpdated') {
        const map = newerUser(event.user);
        change({
          data: mapUserOfChannel(data, map),
          membership: membership === null ? null : mapUserOfMember(membership, map),
        });
      }
      if (!isLogged(event)) return;
      const { seq } = event;
      if (event.__typename === 'MessageCreated' && event.message.parentId === null) {
        change({ data: { ...data, seq, lastMessageAt: event.message.createdAt } });
      }
      if (event.__typename === 'ChannelUpdated') change({ data: { ...event.channel, seq } });
      if (event.__typename === 'MembersAdded' || event.__typename === 'MembersRemoved') {
        change({ data: { ...data, seq, memberCount: event.memberCount } });
      }
    },
  };
}
