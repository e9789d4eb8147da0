import type { User } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { connectionOf } from '../../graphql/connection.ts';

export const UserRef = builder.objectRef<User>('User');
export const UserConnectionRef = connectionOf('User', UserRef);
