import type { Logger, LogLevel } from '@parley/service-kit';
import type { Terminal } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** A command that runs until it is told to end. */
export interface Served<Platform> {
  /** `parley dev`. */
  readonly command: string;
  /** One line of JSON on stdout instead of something to read. */
  readonly json: boolean;
  start(logger: Logger): Promise<Platform & { close(): Promise<void> }>;
  /** What the line of JSON holds. */
  line(platform: Platform): object;
  banner(platform: Platform, tookMs: number): string;
}

/** Starts a platform, says where it is, and ends it when a signal comes. @throws UsageError */
export async function serve<Platform>(served: Served<Platform>, { stdout, stderr }: Terminal): Promise<void> {
  const level = logLevel(served.command);
  // Loading the services takes most of a second, which a mistyped option should not cost.
  const { createLogger } = await import('@parley/service-kit');
  const stopped = nextSignal();
  // Whoever asks twice does not want to wait for the order of things.
  void stopped.then(nextSignal).then(() => process.exit(130));
  const begun = performance.now();
  const platform = await served.start(createLogger({ service: 'parley', level, pretty: true })).catch(explain);
  if (served.json) stdout.write(`${JSON.stringify({ ready: true, ...served.line(platform) })}\n`);
  else stdout.write(served.banner(platform, performance.now() - begun));
  await stopped;
  if (!served.json) stderr.write('\nstopping\n');
  await platform.close();
}

const curable = [
  'DataDirInUseError',
  'DataDirNotWritableError',
  'PasswordRefusedError',
  'PostgresStartError',
  'NatsMissingError',
  'NatsStartError',
  'NodeStartError',
];

/** An error that the person at the terminal can cure becomes one sentence; any other keeps its stack. */
function explain(error: unknown): never {
  if (error instanceof Error && curable.includes(error.name)) throw new UsageError(error.message, { cause: error });
  throw error;
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const satisfies readonly LogLevel[];

function logLevel(command: string): LogLevel {
  const wanted = process.env['LOG_LEVEL'] ?? 'warn';
  const level = levels.find((known) => known === wanted);
  if (level !== undefined) return level;
  throw new UsageError(`unable to run ${command}; LOG_LEVEL ${wanted} is none of ${levels.join(', ')}: choose one`);
}
