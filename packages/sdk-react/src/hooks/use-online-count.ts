import * as limits from '@parley/contracts/client-limits';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { watchWhileMounted } from '../lib/watch.ts';
import { useClient } from './use-client.ts';

/** The number of these users who are online, live. Looks at the first 200. */
export function useOnlineCount(userIds: readonly string[]): number {
  const { presence } = useClient();
  const key = userIds.slice(0, limits.presenceUserIds).join('\n');
  const ids = useMemo(() => (key === '' ? [] : key.split('\n')), [key]);
  useEffect(
    () => (ids.length === 0 ? undefined : watchWhileMounted({ watch: () => presence.watch(ids) })),
    [presence, ids],
  );

  const subscribe = useCallback(
    (listener: () => void) => {
      const unsubscribes = ids.map((id) => presence.of(id).subscribe(listener));
      return () => {
        for (const unsubscribe of unsubscribes) unsubscribe();
      };
    },
    [presence, ids],
  );
  const count = () => ids.filter((id) => presence.of(id).get()?.online === true).length;
  return useSyncExternalStore(subscribe, count, count);
}
