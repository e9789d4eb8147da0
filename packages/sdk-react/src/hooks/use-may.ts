import type { Capability, ChannelState } from '@parley/sdk-js';
import { useCallback } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useSelected } from './use-store.ts';

const nothing: readonly Capability[] = [];
/** Whoever left or was removed may do nothing more, whatever it was before. */
const capabilitiesOf = ({ status, capabilities }: ChannelState) => (status === 'closed' ? nothing : capabilities);

/** Whether the viewer may do this here; false until the channel has loaded, and when it has ended. Renders again only when that changes. */
export function useMay(): (capability: Capability) => boolean {
  const { channel } = useChannelContext();
  const capabilities = useSelected(channel.state, capabilitiesOf);
  return useCallback((capability) => capabilities.includes(capability), [capabilities]);
}
