import type { ReadAdvanced } from '@parley/contracts';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';

export interface Reads extends ChannelFeature {
  readonly store: Store<ReadonlyMap<string, number>>;
  advance(userId: string, readSeq: number): void;
}

/** User id → position up to which that user has read. Positions never move back, unless the whole log was. */
export function createReads(): Reads {
  const store = createStore<ReadonlyMap<string, number>>(new Map());

  const merge = (reads: readonly Pick<ReadAdvanced, 'userId' | 'readSeq'>[]): void => {
    const known = store.get();
    const newer = reads.filter(({ userId, readSeq }) => readSeq > (known.get(userId) ?? -1));
    if (newer.length > 0)
      store.set(new Map([...known, ...newer.map(({ userId, readSeq }) => [userId, readSeq] as const)]));
  };

  return {
    store,
    advance: (userId, readSeq) => merge([{ userId, readSeq }]),
    apply(event) {
      if (event.__typename === 'ReadAdvanced') merge([event]);
      // What follows says where they are now.
      if (event.__typename === 'ChannelReset') store.set(new Map());
      if (event.__typename === 'ChannelSynced') merge(event.reads);
    },
  };
}
