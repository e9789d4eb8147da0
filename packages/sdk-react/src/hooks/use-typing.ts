import type { User } from '@parley/contracts';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

/** The others who are typing in the channel now. */
export const useTyping = (): readonly User[] => useStore(useChannelContext().channel.typing);
