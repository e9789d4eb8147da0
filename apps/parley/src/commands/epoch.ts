import type { Command } from '../command.ts';
import { onDatabase } from './on-database.ts';
import { readOptions } from './options.ts';

const help = `Usage: parley epoch

Begins a new epoch of the log in the database of DATABASE_URL and prints one line of JSON: epoch. Every client then loads what it shows anew, within some
seconds, and keeps nothing that the database does not have.

Run it after the database was set back in a way that PostgreSQL does not notice, such as a disk or a virtual machine that was put back to a snapshot. It is
not needed after a failover, a recovery to a point in time, or parley restore: the epoch is new by itself then.
`;

/** `parley epoch`: notifies every client that the log may have been set back. */
export const epochCommand: Command = {
  name: 'epoch',
  summary: 'make every client load anew what it shows, after the database was set back',
  help,
  async run(args, { stdout }) {
    readOptions('parley epoch', args, {});
    const { openAdministration } = await import('@parley/api/administration');
    await onDatabase(async (options) => {
      const { beginEpoch, close } = await openAdministration(options);
      try {
        stdout.write(`${JSON.stringify({ epoch: await beginEpoch() })}\n`);
      } finally {
        await close();
      }
    });
    return 0;
  },
};
