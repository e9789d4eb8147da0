import type { Capability } from '@parley/sdk-js';
import { useCallback } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useSelected } from './use-store.ts';

/** Whether the viewer may do this here; false until the channel has loaded. Renders again only when that changes. */
export function useMay(): (capability: Capability) => boolean {
  const { channel } = useChannelContext();
  const capabilities = useSelected(channel.state, (state) => state.capabilities);
  return useCallback((capability) => capabilities.includes(capability), [capabilities]);
}
