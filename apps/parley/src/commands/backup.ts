import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { reasonOf, UsageError } from '../usage-error.ts';
import { onDatabase } from './on-database.ts';

const help = `Usage: parley backup <file>

Writes everything in the database of DATABASE_URL, as of one moment, into a file, while the platform runs. Prints one line of JSON: tables, rows, at. The
file is there when it is whole, and can be read by its owner alone. It holds all messages, and the secrets of API keys as they are stored: what is restored
from it needs the same SECRETS_KEY.
`;

/** `parley backup`: a copy of the database in one file. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'write the database of DATABASE_URL into a file, while the platform runs',
  help,
  async run(args, { stdout }) {
    const file = parseFile('parley backup', args);
    const { writeBackup } = await import('@parley/api/administration');
    const summary = await onDatabase(({ databaseUrl }) => writeBackup({ databaseUrl, file }));
    stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  },
};

/** The one file that stands after a command. @throws UsageError */
export function parseFile(command: string, args: readonly string[]): string {
  let files: readonly string[];
  try {
    files = parseArgs({ args: [...args], allowPositionals: true, options: {} }).positionals;
  } catch (error) {
    throw new UsageError(`unable to run ${command}; ${reasonOf(error)}: see ${command} --help`, { cause: error });
  }
  const [file, ...rest] = files;
  if (file === undefined || file === '')
    throw new UsageError(`unable to run ${command}; it has no file: write ${command} parley.backup`);
  if (rest.length > 0) throw new UsageError(`unable to run ${command}; ${rest.join(' ')} is too much: name one file`);
  return file;
}
