import type { Channel, ChannelEvent, LoggedEvent } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { connectionOf } from '../../graphql/connection.ts';
import type { ChannelAccess } from './access.ts';

export const ChannelRef = builder.objectRef<Channel>('Channel');
export const ChannelConnectionRef = connectionOf('Channel', ChannelRef);
export const ChannelViewerRef = builder.objectRef<ChannelAccess>('ChannelViewer');
export const ChannelEventRef = builder.interfaceRef<ChannelEvent>('ChannelEvent');
export const LoggedEventRef = builder.interfaceRef<LoggedEvent>('LoggedEvent');
/** The interfaces of a durable event. Each module implements the events that it appends. */
export const logged = [ChannelEventRef, LoggedEventRef];
