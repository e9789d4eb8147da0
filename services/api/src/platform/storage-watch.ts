import { storageFault } from './database-fault.ts';
import type { Sql } from './sql.ts';

/** Knows whether the database can write. */
export interface StorageWatch {
  /** Looks at what a statement failed with. */
  failed(error: unknown): void;
  /** Fails from the first write that found no room until there is some again. @throws unavailable */
  check(): Promise<void>;
}

/** As a page of a table, and larger: what is left of a page that exists would tell nothing. */
const probeBytes = 256 * 1024;

/**
 * Without room, statements that only read go on, so asking the database whether it answers is no test. Once a write has failed, each check writes
 * some of its own, and takes it back, until that succeeds.
 */
export function createStorageWatch(database: Transactions): StorageWatch {
  let wanting = false;
  let looking: Promise<void> | undefined;

  const look = async () => {
    try {
      await database.transaction(writeAndTakeBack);
    } catch (error) {
      // Taking back is how a probe that found room ends.
      if (!(error instanceof RoomFound)) throw error;
    }
    wanting = false;
  };

  return {
    failed(error) {
      wanting ||= storageFault(error) !== undefined;
    },
    async check() {
      if (!wanting) return;
      looking ??= look().finally(() => {
        looking = undefined;
      });
      await looking;
    },
  };
}

interface Transactions {
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

class RoomFound extends Error {}

async function writeAndTakeBack(sql: Sql): Promise<never> {
  // Random, since what compresses well takes no room.
  await sql.query(
    `CREATE TEMPORARY TABLE parley_storage_probe ON COMMIT DROP AS
       SELECT gen_random_uuid() AS filler FROM generate_series(1, ${probeBytes / 16})`,
  );
  throw new RoomFound();
}
