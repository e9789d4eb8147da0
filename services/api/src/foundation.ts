import { type Bus, type Clock, createStallGuard, type Logger, type StallGuard } from '@parley/service-kit';
import { type AccessChangesService, createAccessChanges } from './modules/access/service.ts';
import { type AppKeys, createAppKeys } from './modules/apps/keys.ts';
import { type AppsService, createAppsService } from './modules/apps/service.ts';
import { type AppSettingsService, createAppSettings } from './modules/apps/settings-service.ts';
import { type AuthService, createAuthService } from './modules/auth/service.ts';
import { createInboxService, type InboxService, type InboxSources } from './modules/inbox/service.ts';
import { endDeparted } from './modules/members/departures.ts';
import { wholeEvent } from './modules/messages/whole-event.ts';
import { createPresenceService, type PresenceService } from './modules/presence/service.ts';
import { createUsersService, type UsersService } from './modules/users/service.ts';
import { type ChannelLog, createChannelLog } from './platform/channel-log.ts';
import { readDatabaseTime } from './platform/database-time.ts';
import { type Db, openDb } from './platform/db.ts';
import { createEventPublisher, type EventPublisher } from './platform/event-publisher.ts';
import { createJobs, type Jobs } from './platform/jobs.ts';
import { createLogEpoch, type LogEpoch } from './platform/log-epoch.ts';
import { migrate } from './platform/migrate.ts';
import { sweepOutbox } from './platform/outbox.ts';
import { createPublisher, type Publisher } from './platform/publisher.ts';
import { createRowMeter, type RowMeter } from './platform/row-meter.ts';
import { createSecretBox } from './platform/secret-box.ts';
import { analyseGrown } from './platform/table-statistics.ts';

/** What every module of the API stands on. */
export interface Foundation {
  readonly db: Db;
  readonly log: ChannelLog;
  readonly publisher: Publisher;
  readonly jobs: Jobs;
  readonly accessChanges: AccessChangesService;
  readonly keys: AppKeys;
  readonly apps: AppsService;
  readonly appSettings: AppSettingsService;
  readonly auth: AuthService;
  readonly users: UsersService;
  readonly presence: PresenceService;
  readonly inbox: InboxService;
  readonly stall: StallGuard;
  readonly epoch: Pick<LogEpoch, 'current'>;
  readonly rows: RowMeter;
  /** Told every batch that reached the bus. Returns its undo. */
  readonly onPublished: EventPublisher['onPublished'];
  /** Publishes what was left behind for `olderThanMs`; resolves with the count of outbox rows published. */
  sweep(olderThanMs: number): Promise<number>;
}

export interface FoundationOptions {
  /** Connection string of PostgreSQL. */
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sources: InboxSources;
  /** Most connections to the database; 20 when absent. */
  readonly poolSize?: number;
  /** Accept a database that could lose what it acknowledged. */
  readonly testMode?: boolean;
  /** Events older than so many days are pruned; 30 when absent. Messages stay. */
  readonly eventRetentionDays?: number;
  /** Keys of 32 bytes that encrypt secrets at rest, the newest first; without any they are stored as they are. */
  readonly secretsKeys?: readonly Buffer[];
}

const sweepEveryMs = 1_000;
/** Far longer than a node takes from commit to publication. */
const sweepOlderThanMs = 2_000;
const expireEveryMs = 2_000;
/** Within a second of a change that nobody on the bus has told, the sockets that it concerns are to be closed. */
const tellAccessEveryMs = 500;
const endMembershipsEveryMs = 1_000;
const pruneEveryMs = 10 * 60_000;
const compareClocksEveryMs = 60_000;
/** Somebody may begin a new one by hand. One that comes of another server comes with its connections. */
const lookForEpochEveryMs = 2_000;
/** A busy new channel gets about a thousand messages meanwhile, which any plan can bear. */
const analyseEveryMs = 5_000;

/** Brings the database to the newest schema, connects, and starts the jobs. @throws unavailable */
export async function createFoundation(options: FoundationOptions): Promise<Foundation> {
  const {
    databaseUrl,
    bus,
    clock,
    logger,
    sources,
    poolSize = 20,
    testMode = false,
    eventRetentionDays = 30,
    secretsKeys = [],
  } = options;
  await migrate(databaseUrl);
  const rows = createRowMeter();
  const epoch = createLogEpoch();
  const db = await openDb({ url: databaseUrl, logger, poolSize, testMode, rows, onConnect: epoch.look });
  const time = await readDatabaseTime(db).catch(async (fault: unknown) => {
    await db.close();
    throw fault;
  });
  const eventPublisher = createEventPublisher({ bus, sql: db, logger, epoch });
  const publisher = createPublisher({ bus, epoch });
  const stall = createStallGuard(clock);
  const log = createChannelLog({ db, publisher: eventPublisher, stall, ownTransactions: Math.ceil(poolSize / 2) });
  const presence = createPresenceService({ db, publisher });
  const inbox = createInboxService({ sql: db, clock, logger, publisher, sources, epoch });
  eventPublisher.onPublished(inbox.published);
  const secrets = createSecretBox(secretsKeys);
  const keys = createAppKeys({ db, publisher, secrets });
  const accessChanges = createAccessChanges({ sql: db, publisher });

  const sweep = (olderThanMs: number) => sweepOutbox({ db, bus, publisher: eventPublisher, wholeEvent }, olderThanMs);
  const jobs = createJobs({ clock, logger });
  jobs.every('sweep the outbox', sweepEveryMs, () => sweep(sweepOlderThanMs));
  jobs.every('tell whose access changed', tellAccessEveryMs, accessChanges.tellNew);
  jobs.every('end memberships of deleted users', endMembershipsEveryMs, () => endDeparted({ sql: db, log }));
  jobs.every('expire presence', expireEveryMs, presence.expire);
  jobs.every('compare clocks', compareClocksEveryMs, time.compare);
  jobs.every('look for a new epoch of the log', lookForEpochEveryMs, () => epoch.look(db));
  jobs.every('analyse tables that grew', analyseEveryMs, () => analyseGrown(db));
  jobs.every('prune logs', pruneEveryMs, () => log.prune(eventRetentionDays));

  return {
    db,
    log,
    publisher,
    jobs,
    accessChanges,
    keys,
    apps: createAppsService({ db, publisher, keys, secrets }),
    appSettings: createAppSettings({ db, publisher }),
    auth: createAuthService({ db, secrets, clock: { ...clock, now: time.now } }),
    users: createUsersService({ db, publisher }),
    presence,
    inbox,
    stall,
    epoch,
    rows,
    onPublished: eventPublisher.onPublished,
    sweep,
  };
}
