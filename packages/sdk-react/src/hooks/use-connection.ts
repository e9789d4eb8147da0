import type { ConnectionState } from '@parley/sdk-js';
import { useClient } from './use-client.ts';
import { useStore } from './use-store.ts';

/** State of the connection; `name` says which. */
export const useConnection = (): ConnectionState => useStore(useClient().connection);
