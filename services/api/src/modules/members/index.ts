import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { emptyPage, pagesAtOnce, perArguments } from '../../graphql/batching.ts';
import { defineModule, none } from '../../module.ts';
import type { Page } from '../../platform/page.ts';
import type { ChannelAccessService, ChannelsService, Memberships } from '../channels/index.ts';
import type { UsersService } from '../users/index.ts';
import { endDeparted } from './departures.ts';
import { type ChannelMember, createMembers, type MembersService } from './service.ts';

const endDepartedEveryMs = 1_000;

interface Before {
  readonly access: ChannelAccessService;
  readonly channels: ChannelsService;
  readonly memberships: Memberships;
  readonly users: UsersService;
}
interface Own {
  readonly members: MembersService;
}

/** Changes and lists of a channel's members. */
export const members = defineModule({
  name: 'members',
  services: ({ db, log, publisher }: Foundation, before: Before): Own => ({
    members: createMembers({ ...before, sql: db, log, publisher }),
  }),
  loaders({ services, actor: { appId }, answer }) {
    const pages = perArguments<{ first: number; after: string | null }, Page<ChannelMember>>(
      ({ first, after }, ids) => answer.inTurn(() => services.members.pages(appId, ids, first, after)),
      emptyPage,
      ({ first }) => pagesAtOnce(first),
    );
    return {
      /** A page of the channel's members. */
      members: (channelId: string, first: number, after: string | null): Promise<Page<ChannelMember>> =>
        pages({ first, after }, channelId),
    };
  },
  rpc: none,
  recurring: ({ db, log }) => [
    {
      name: 'end memberships of deleted users',
      everyMs: endDepartedEveryMs,
      run: () => endDeparted({ sql: db, log }),
    },
  ],
});
