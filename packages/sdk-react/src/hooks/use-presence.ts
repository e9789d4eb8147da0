import type { PresenceState, Store } from '@parley/sdk-js';
import { useEffect, useMemo } from 'react';
import { createValue } from '../lib/value.ts';
import { watchWhileMounted } from '../lib/watch.ts';
import { useClient } from './use-client.ts';
import { useStore } from './use-store.ts';

/** Whether somebody is online, live; null until known, and for a null id. */
export function usePresence(userId: string | null): PresenceState | null {
  const { presence } = useClient();
  const store = useMemo(
    (): Store<PresenceState | null> => (userId === null ? createValue(null) : presence.of(userId)),
    [presence, userId],
  );
  useEffect(() => {
    if (userId === null) return undefined;
    return watchWhileMounted({ watch: () => presence.watch([userId]) });
  }, [presence, userId]);
  return useStore(store);
}
