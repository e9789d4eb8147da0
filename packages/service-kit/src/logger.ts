import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { prettyStream } from './pretty-stream.ts';

/** A pino logger whose secrets and message texts are redacted. */
export type Logger = PinoLogger;

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Name of the service; in every line. */
  readonly service: string;
  readonly level?: LogLevel;
  /** Lines for a person instead of JSON. */
  readonly pretty?: boolean;
  /** Default: standard error, so that standard output stays free for what a program prints. */
  readonly stream?: DestinationStream;
}

const secretKeys = ['token', 'authorization', 'secret', 'password', 'cookie', 'text'];
// Pino redacts by path only, so each key is named for every depth that our lines have.
const depths = ['', '*.', '*.*.', '*.*.*.'];
const redact = secretKeys.flatMap((key) => depths.map((depth) => `${depth}${key}`));

/** Makes the log of a service: tokens, secrets and message texts never reach it, at any of the first four levels. */
export function createLogger({ service, level = 'info', pretty = false, stream }: LoggerOptions): Logger {
  const destination = stream ?? pino.destination({ dest: 2, sync: true });
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redact, censor: '[redacted]' },
    },
    pretty ? prettyStream(destination) : destination,
  );
}

/** A log that says nothing. */
export const silentLogger = (): Logger => pino({ level: 'silent' });
