import './event-schema.ts';
import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { batched } from '../../graphql/batching.ts';
import { defineModule } from '../../module.ts';
import type { AuthService } from '../auth/index.ts';
import type { UsersService } from '../users/index.ts';
import { type ChannelAccess, type ChannelAccessService, createChannelAccess } from './access.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { channelHandlers } from './rpc.ts';
import { type ChannelsService, createChannels } from './service.ts';

export type { ChannelAccess, ChannelAccessService } from './access.ts';
export type { MembershipDraft, Memberships } from './memberships.ts';
export type { ChannelsService } from './service.ts';

interface Before {
  readonly auth: AuthService;
  readonly users: UsersService;
}
interface Own {
  readonly access: ChannelAccessService;
  readonly channels: ChannelsService;
  readonly memberships: Memberships;
}

/** Channels, what one may do in them, and who belongs to them. */
export const channels = defineModule({
  name: 'channels',
  services({ db: sql, log, publisher }: Foundation, { users }: Before): Own {
    const access = createChannelAccess({ sql });
    const memberships = createMemberships({ sql });
    return { access, memberships, channels: createChannels({ sql, log, access, memberships, users, publisher }) };
  },
  loaders({ services, actor }) {
    const access = batched<ChannelAccess | null>((ids) => services.access.capabilities(actor, ids), null);
    return {
      /** What the caller is to the channel; null: there is none. */
      access: (channelId: string): Promise<ChannelAccess | null> => access.load(channelId),
    };
  },
  rpc: ({ foundation: { db, log }, services: { auth } }) => channelHandlers({ sql: db, log, auth }),
});
