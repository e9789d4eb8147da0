import type { InboxState } from '@parley/sdk-js';
import { useEffect } from 'react';
import { watchWhileMounted } from '../lib/watch.ts';
import { useClient } from './use-client.ts';
import { useStore } from './use-store.ts';

/** Unread numbers over all channels, live. */
export function useInbox(): InboxState {
  const { inbox } = useClient();
  useEffect(() => watchWhileMounted(inbox), [inbox]);
  return useStore(inbox);
}
