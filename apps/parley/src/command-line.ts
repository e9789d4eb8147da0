import { readFile } from 'node:fs/promises';
import type { Command, Terminal } from './command.ts';
import { appCommand } from './commands/app.ts';
import { backupCommand } from './commands/backup.ts';
import { clusterCommand } from './commands/cluster.ts';
import { createAppCommand } from './commands/create-app.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand } from './commands/doctor.ts';
import { epochCommand } from './commands/epoch.ts';
import { keyCommand } from './commands/key.ts';
import { restoreCommand } from './commands/restore.ts';
import { UsageError } from './usage-error.ts';

const commands: readonly Command[] = [
  devCommand,
  clusterCommand,
  createAppCommand,
  appCommand,
  keyCommand,
  doctorCommand,
  backupCommand,
  restoreCommand,
  epochCommand,
];

/** Runs `parley <args>` and gives the exit code. */
export async function runParley(args: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
    terminal.stdout.write(help());
    return 0;
  }
  if (word === '--version' || word === '-v') {
    terminal.stdout.write(`${await version()}\n`);
    return 0;
  }
  const command = commands.find(({ name }) => name === word);
  if (command === undefined) {
    const kind = word.startsWith('-') ? 'option' : 'command';
    terminal.stderr.write(`unable to run parley; there is no ${kind} ${word}: see parley --help\n`);
    return 1;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.stdout.write(command.help);
    return 0;
  }
  return runCommand(command, rest, terminal);
}

async function runCommand(command: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function help(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`);
  return `parley: a messaging platform for developers

Usage: parley <command> [options]

${lines.join('\n')}

Options
  --help     this text; after a command, what that command takes
  --version  the version
`;
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
