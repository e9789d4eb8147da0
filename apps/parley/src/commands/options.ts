import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { reasonOf, UsageError } from '../usage-error.ts';

/** Reads what stands after a command. @throws UsageError */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`unable to run ${command}; ${reasonOf(error)}: see ${command} --help`, { cause: error });
  }
}

/** A TCP port; 0 takes a free one. @throws UsageError */
export function parsePort(command: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`unable to run ${command}; --port ${text} is not a port: take a number from 0 to 65535`);
}

/** @throws UsageError */
export function parseDataDir(command: string, text: string, example: string): string {
  if (text !== '') return text;
  throw new UsageError(`unable to run ${command}; --data-dir is empty: name a folder, such as ${example}`);
}
