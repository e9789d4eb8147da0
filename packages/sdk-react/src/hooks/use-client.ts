import type { Client } from '@parley/sdk-js';
import { useParley } from '../provider/parley-context.ts';

/** The client of the nearest {@link ParleyProvider}. @throws invalid_input outside one */
export const useClient = (): Client => useParley().client;
