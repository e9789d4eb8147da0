import { builder } from '../../graphql/builder.ts';
import { connectionOf } from '../../graphql/connection.ts';
import type { ChannelMember } from './service.ts';

export const MemberRef = builder.objectRef<ChannelMember>('Member');
export const MemberConnectionRef = connectionOf('Member', MemberRef);
