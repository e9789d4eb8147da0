import { type Bus, type Clock, createStallGuard, type Logger, type StallGuard } from '@parley/service-kit';
import { type AppsService, createAppsService } from './modules/apps/service.ts';
import { type AuthService, createAuthService } from './modules/auth/service.ts';
import { createInboxService, type InboxService, type InboxSources } from './modules/inbox/service.ts';
import { wholeEvent } from './modules/messages/whole-event.ts';
import { createPresenceService, type PresenceService } from './modules/presence/service.ts';
import { createUsersService, type UsersService } from './modules/users/service.ts';
import { type ChannelLog, createChannelLog } from './platform/channel-log.ts';
import { readDatabaseTime } from './platform/database-time.ts';
import { type Db, openDb } from './platform/db.ts';
import { createEventPublisher } from './platform/event-publisher.ts';
import { createJobs, type Jobs } from './platform/jobs.ts';
import { migrate } from './platform/migrate.ts';
import { sweepOutbox } from './platform/outbox.ts';
import { createPublisher, type Publisher } from './platform/publisher.ts';
import { analyseGrown } from './platform/table-statistics.ts';

/** What every module of the API stands on. */
export interface Foundation {
  readonly db: Db;
  readonly log: ChannelLog;
  readonly publisher: Publisher;
  readonly jobs: Jobs;
  readonly apps: AppsService;
  readonly auth: AuthService;
  readonly users: UsersService;
  readonly presence: PresenceService;
  readonly inbox: InboxService;
  readonly stall: StallGuard;
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
}

const sweepEveryMs = 1_000;
/** Far longer than a node takes from commit to publication. */
const sweepOlderThanMs = 2_000;
const expireEveryMs = 2_000;
const pruneEveryMs = 10 * 60_000;
const compareClocksEveryMs = 60_000;
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
  } = options;
  await migrate(databaseUrl);
  const db = await openDb({ url: databaseUrl, logger, poolSize, testMode });
  const time = await readDatabaseTime(db).catch(async (fault: unknown) => {
    await db.close();
    throw fault;
  });
  const eventPublisher = createEventPublisher({ bus, sql: db, logger });
  const publisher = createPublisher({ bus });
  const stall = createStallGuard(clock);
  const log = createChannelLog({ db, publisher: eventPublisher, stall, ownTransactions: Math.ceil(poolSize / 2) });
  const presence = createPresenceService({ db, publisher });
  const inbox = createInboxService({ sql: db, clock, logger, publisher, sources });
  eventPublisher.onPublished(inbox.published);

  const sweep = (olderThanMs: number) => sweepOutbox({ db, bus, publisher: eventPublisher, wholeEvent }, olderThanMs);
  const jobs = createJobs({ clock, logger });
  jobs.every('sweep the outbox', sweepEveryMs, () => sweep(sweepOlderThanMs));
  jobs.every('expire presence', expireEveryMs, presence.expire);
  jobs.every('compare clocks', compareClocksEveryMs, time.compare);
  jobs.every('analyse tables that grew', analyseEveryMs, () => analyseGrown(db));
  jobs.every('prune logs', pruneEveryMs, () => log.prune(eventRetentionDays));

  return {
    db,
    log,
    publisher,
    jobs,
    apps: createAppsService({ db, publisher }),
    auth: createAuthService({ db, clock: { ...clock, now: time.now } }),
    users: createUsersService({ db }),
    presence,
    inbox,
    stall,
    sweep,
  };
}
