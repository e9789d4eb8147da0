import { ParleyError } from '@parley/contracts';
import type { Command } from '../command.ts';
import { UsageFault } from '../usage-fault.ts';
import { readOptions } from './options.ts';

const help = `Usage: parley epoch

Begins a new epoch of the log in the database of DATABASE_URL and prints one line of JSON: epoch. Every client then loads what it shows anew, within some
seconds, and keeps nothing that the database does not have.

Run it after the database was set back in a way that PostgreSQL does not notice, such as a disk or a virtual machine that was put back to a snapshot. It is
not needed after a failover, a recovery to a point in time, or parley restore: the epoch is new by itself then.
`;

/** `parley epoch`: tells every client that the log may have been set back. */
export const epochCommand: Command = {
  name: 'epoch',
  summary: 'make every client load anew what it shows, after the database was set back',
  help,
  async run(args, { stdout }) {
    readOptions('parley epoch', args, {});
    const [{ envSchema, openAdministration }, { createLogger, EnvError, readEnv }] = await Promise.all([
      import('@parley/api/administration'),
      import('@parley/service-kit'),
    ]);
    const logger = createLogger({ service: 'parley', level: 'warn', pretty: true });
    try {
      const { DATABASE_URL: databaseUrl, TEST_MODE: testMode } = readEnv(envSchema);
      const { beginEpoch, close } = await openAdministration({ databaseUrl, testMode, logger });
      try {
        stdout.write(`${JSON.stringify({ epoch: await beginEpoch() })}\n`);
      } finally {
        await close();
      }
    } catch (error) {
      if (error instanceof ParleyError || error instanceof EnvError)
        throw new UsageFault(error.message, { cause: error });
      throw error;
    }
    return 0;
  },
};
