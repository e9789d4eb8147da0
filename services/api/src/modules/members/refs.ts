import type { Member } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { connectionOf } from '../../graphql/connection.ts';

export const MemberRef = builder.objectRef<Member>('Member');
export const MemberConnectionRef = connectionOf('Member', MemberRef);
