import type { AppsService } from '../modules/apps/service.ts';
import type { AppSettingsService } from '../modules/apps/settings-service.ts';
import type { ChannelAccessService } from '../modules/channels/access.ts';
import { createChannelAccess } from '../modules/channels/access.ts';
import type { ChannelsService } from '../modules/channels/service.ts';
import { createChannels } from '../modules/channels/service.ts';
import type { InboxService } from '../modules/inbox/service.ts';
import type { Unread } from '../modules/inbox/unread.ts';
import { unreadOf } from '../modules/inbox/unread.ts';
import type { MembersService } from '../modules/members/service.ts';
import { createMembers } from '../modules/members/service.ts';
import type { MessagesService } from '../modules/messages/service.ts';
import { createMessages } from '../modules/messages/service.ts';
import type { ReactionsService } from '../modules/reactions/service.ts';
import { createReactions } from '../modules/reactions/service.ts';
import type { ReadsService } from '../modules/reads/service.ts';
import { createReads } from '../modules/reads/service.ts';
import type { TypingService } from '../modules/typing/service.ts';
import { createTyping } from '../modules/typing/service.ts';
import type { UsersService } from '../modules/users/service.ts';
import type { ChannelLog } from '../platform/channel-log.ts';
import type { LogEpoch } from '../platform/log-epoch.ts';
import type { Publisher } from '../platform/publisher.ts';
import type { Sql } from '../platform/sql.ts';

/** Everything that resolvers call. */
export interface Services {
  readonly access: ChannelAccessService;
  readonly apps: AppsService;
  readonly appSettings: AppSettingsService;
  readonly channels: ChannelsService;
  readonly inbox: InboxService;
  readonly members: MembersService;
  readonly messages: MessagesService;
  readonly reactions: ReactionsService;
  readonly reads: ReadsService;
  readonly typing: TypingService;
  readonly unread: { of(appId: string, userId: string, channelIds: readonly string[]): Promise<Map<string, Unread>> };
  readonly users: UsersService;
  readonly epoch: Pick<LogEpoch, 'current'>;
}

export interface ServicesDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly publisher: Publisher;
  readonly apps: AppsService;
  readonly appSettings: AppSettingsService;
  readonly inbox: InboxService;
  readonly users: UsersService;
  readonly epoch: Pick<LogEpoch, 'current'>;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

/** Composes the services of the chat domain from what the platform gives. */
export function createServices({
  sql,
  log,
  publisher,
  apps,
  appSettings,
  inbox,
  users,
  epoch,
  now = Date.now,
}: ServicesDependencies): Services {
  const access = createChannelAccess({ sql });
  const channels = createChannels({ sql, log, access, users, publisher });
  const messages = createMessages({ sql, log, access, users });
  return {
    access,
    apps,
    appSettings,
    channels,
    inbox,
    users,
    epoch,
    members: createMembers({ sql, log, access, users, channels, publisher }),
    messages,
    reactions: createReactions({ sql, log, messages }),
    reads: createReads({ sql, access, publisher, inbox }),
    typing: createTyping({ access, users, messages, publisher, now }),
    unread: { of: (appId, userId, channelIds) => unreadOf(sql, appId, userId, channelIds) },
  };
}
