import type { Command } from '../command.ts';
import { parseFile } from './backup.ts';
import { onDatabase } from './on-database.ts';

const help = `Usage: parley restore <file>

Fills the database of DATABASE_URL, which must be empty, from a file of parley backup, and begins a new epoch of the log, so that every client loads anew
what it shows. Prints one line of JSON: tables, rows, at. A file that is cut short or was altered is refused before anything is written, and a restore that is
stopped half way leaves a database without a row, into which it can be repeated.
`;

/** `parley restore`: a database from a file of `parley backup`. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'fill the empty database of DATABASE_URL from a backup',
  help,
  async run(args, { stdout }) {
    const file = parseFile('parley restore', args);
    const { restoreBackup } = await import('@parley/api/administration');
    const summary = await onDatabase(({ databaseUrl }) => restoreBackup({ databaseUrl, file }));
    stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  },
};
