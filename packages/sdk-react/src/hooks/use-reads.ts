import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

/** How far each member has read: user id → position in the channel's log. */
export const useReads = (): ReadonlyMap<string, number> => useStore(useChannelContext().channel.reads);
