import type { User } from '@parley/contracts';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

/** Who else is typing in the channel now. */
export const useTyping = (): readonly User[] => useStore(useChannelContext().channel.typing);
