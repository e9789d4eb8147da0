import { type Bus, type Clock, createStallGuard, type Logger, type StallGuard } from '@parley/service-kit';
import { entities } from './entities.ts';
import { wholeEvents } from './modules/messages/whole-events.ts';
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
import { createSecretBox, type SecretBox } from './platform/secret-box.ts';
import { analyseGrown } from './platform/table-statistics.ts';

/** What every module of the API is made from. It knows none of them. */
export interface Foundation {
  readonly db: Db;
  readonly log: ChannelLog;
  readonly publisher: Publisher;
  readonly jobs: Jobs;
  readonly clock: Clock;
  /** The clock of the database. */
  readonly databaseClock: Clock;
  readonly logger: Logger;
  readonly secrets: SecretBox;
  readonly stall: StallGuard;
  readonly epoch: Pick<LogEpoch, 'current'>;
  readonly rows: RowMeter;
  /** Called with every batch that reached the bus. Returns its unsubscribe. */
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
    poolSize = 20,
    testMode = false,
    eventRetentionDays = 30,
    secretsKeys = [],
  } = options;
  await migrate(databaseUrl);
  const rows = createRowMeter();
  const epoch = createLogEpoch();
  const db = await openDb({ url: databaseUrl, logger, poolSize, testMode, rows, entities, onConnect: epoch.look });
  const time = await readDatabaseTime(db).catch(async (error: unknown) => {
    await db.close();
    throw error;
  });
  const eventPublisher = createEventPublisher({ bus, sql: db, logger, epoch });
  const publisher = createPublisher({ bus, epoch });
  const stall = createStallGuard(clock);
  const log = createChannelLog({ db, publisher: eventPublisher, stall, ownTransactions: Math.ceil(poolSize / 2) });
  const secrets = createSecretBox(secretsKeys);

  const sweep = (olderThanMs: number) => sweepOutbox({ db, bus, publisher: eventPublisher, wholeEvents }, olderThanMs);
  const jobs = createJobs({ clock, logger });
  jobs.every('sweep the outbox', sweepEveryMs, () => sweep(sweepOlderThanMs));
  jobs.every('compare clocks', compareClocksEveryMs, time.compare);
  jobs.every('look for a new epoch of the log', lookForEpochEveryMs, () => epoch.look(db));
  jobs.every('analyse tables that grew', analyseEveryMs, () => analyseGrown(db));
  jobs.every('prune logs', pruneEveryMs, () => log.prune(eventRetentionDays));

  return {
    db,
    log,
    publisher,
    jobs,
    clock,
    databaseClock: { ...clock, now: time.now },
    logger,
    secrets,
    stall,
    epoch,
    rows,
    onPublished: eventPublisher.onPublished,
    sweep,
  };
}
