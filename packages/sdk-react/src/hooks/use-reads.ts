import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

/** The read position of each member: user id → position in the channel's log. */
export const useReads = (): ReadonlyMap<string, number> => useStore(useChannelContext().channel.reads);
