import type { Capability, Channel, ChannelState } from '@parley/sdk-js';
import { useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useMay } from './use-may.ts';
import { useStore } from './use-store.ts';

export interface UseChannelResult extends ChannelState {
  readonly channel: Channel;
  /** Whether the viewer may do this here; false until the channel has loaded. */
  readonly may: (capability: Capability) => boolean;
  /** Loads the channel anew after a failure. */
  readonly reload: () => void;
}

/** The channel of the nearest {@link ChannelProvider}, and its state. @throws invalid_input outside one */
export function useChannel(): UseChannelResult {
  const { channel, reload } = useChannelContext();
  const state = useStore(channel.state);
  const may = useMay();
  return useMemo(() => ({ ...state, channel, reload, may }), [state, channel, reload, may]);
}
