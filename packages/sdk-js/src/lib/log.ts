import { invalidInput } from '@parley/contracts';
import { guarded } from './guarded.ts';

/** Takes what the client says of itself; `console` is one. */
export interface Logger {
  debug(message: string, details: LogDetails): void;
  info(message: string, details: LogDetails): void;
  warn(message: string, details: LogDetails): void;
  error(message: string, details: LogDetails): void;
}

/** Ids, codes, positions and times. Never a token, and never what users write. */
export type LogDetails = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The least important messages that are logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

export type Log = (level: Exclude<LogLevel, 'silent'>, message: string, details?: LogDetails) => void;

/** Options of logging. */
export interface LogOptions {
  /** Default: `console`. */
  readonly logger?: Logger | undefined;
  /** Default: `warn`. `debug` traces every step of connection, token, subscriptions, gaps, resets and outbox. */
  readonly logLevel?: LogLevel | undefined;
}

/** @throws invalid_input */
export function createLog({ logger = console, logLevel = 'warn' }: LogOptions): Log {
  const least = levels.indexOf(logLevel);
  if (least < 0) throw invalidInput('logLevel', `it must be one of ${levels.join(', ')}`);
  return (level, message, details = {}) => {
    if (levels.indexOf(level) >= least) guarded(() => logger[level](`parley: ${message}`, details));
  };
}
