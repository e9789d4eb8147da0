import type { Channel, ChannelEvent } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { connectionOf } from '../../graphql/connection.ts';
import type { ChannelAccess } from './access.ts';

export const ChannelRef = builder.objectRef<Channel>('Channel');
export const ChannelConnectionRef = connectionOf('Channel', ChannelRef);
export const ChannelViewerRef = builder.objectRef<ChannelAccess>('ChannelViewer');
export const ChannelEventRef = builder.interfaceRef<ChannelEvent>('ChannelEvent');
