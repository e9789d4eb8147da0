import type { ChannelTypeName } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import type { AppRecord } from './service.ts';

export const AppRef = builder.objectRef<AppRecord>('App');
export const ChannelTypeRef = builder.objectRef<ChannelTypeName>('ChannelType');
