import type { ChannelList, ChannelListState, ChannelQuery } from '@parley/sdk-js';
import { useEffect, useMemo } from 'react';
import { watchWhileMounted } from '../lib/watch.ts';
import { useClient } from './use-client.ts';
import { useStore } from './use-store.ts';

export type UseChannelListResult = ChannelListState & Pick<ChannelList, 'loadMore' | 'refresh'>;

/** A live list of channels. Queries are compared by content, so an inline object is fine. */
export function useChannelList(query: ChannelQuery = {}): UseChannelListResult {
  const client = useClient();
  const key = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the content of the query
  const list = useMemo(() => client.channels(query), [client, key]);
  useEffect(() => watchWhileMounted(list), [list]);
  const state = useStore(list);
  return useMemo(() => ({ ...state, loadMore: () => list.loadMore(), refresh: () => list.refresh() }), [state, list]);
}
