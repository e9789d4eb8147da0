import type { User } from '@parley/contracts';
import { useClient } from './use-client.ts';
import { useStore } from './use-store.ts';

/** The signed-in user; null until known. */
export const useMe = (): User | null => useStore(useClient().me);

/** The signed-in user's id: known as soon as there is a token, which is before the profile is. */
export function useMyId(): string | null {
  const client = useClient();
  const me = useMe();
  return me?.id ?? client.userId;
}
