import type { Member } from '@parley/contracts';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

/** The channel's members, as far as they are loaded. */
export const useMembers = (): readonly Member[] => useStore(useChannelContext().channel.members);
