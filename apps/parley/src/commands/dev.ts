import type { Command, Terminal } from '../command.ts';
import { UsageFault } from '../usage-fault.ts';
import { type DevOptions, parseDevOptions } from './dev-options.ts';

const help = `Usage: parley dev [options]

Runs the whole platform on this machine: API, fan-out, a real PostgreSQL, a demo page and somebody to talk to.

Options
  --port <n>        port on 127.0.0.1 (4000); 0 takes a free one
  --data-dir <dir>  where everything is kept (.parley)
  --reset           begin with empty data
  --no-demo         no seeded conversation and nobody in it
  --json            print one line of JSON once ready, and nothing else, on stdout

LOG_LEVEL (warn) says how much is logged, to stderr: trace, debug, info, warn, error, fatal, silent.
`;

/** `parley dev`. */
export const devCommand: Command = {
  name: 'dev',
  summary: 'run the whole platform on this machine',
  help,
  async run(args, terminal) {
    await runDev(parseDevOptions(args), terminal);
    return 0;
  },
};

async function runDev(options: DevOptions, { stdout, stderr }: Terminal): Promise<void> {
  // Loading the services takes most of a second, which a mistyped option should not cost.
  const [{ startDev }, { createLogger }] = await Promise.all([
    import('../dev/start-dev.ts'),
    import('@parley/service-kit'),
  ]);
  const stopped = nextSignal();
  const logger = createLogger({ service: 'parley', level: logLevel(), pretty: true });
  const begun = performance.now();
  const { close, ...platform } = await startDev(options, logger).catch(explain);
  if (options.json) stdout.write(`${JSON.stringify({ ready: true, ...platform })}\n`);
  else stdout.write(banner(platform, options.demo, performance.now() - begun));
  await stopped;
  if (!options.json) stderr.write('\nstopping\n');
  // Whoever asks twice does not want to wait for the order of things.
  void nextSignal().then(() => process.exit(130));
  await close();
}

function banner({ demoUrl }: { readonly demoUrl: string }, demo: boolean, tookMs: number): string {
  const company = demo ? 'Grace is there and answers. ' : '';
  return `
  Parley is running (ready in ${(tookMs / 1_000).toFixed(1)} s).

    Open  ${demoUrl}

  ${company}Ctrl-C stops everything; the messages stay.

`;
}

/** What the person at the terminal can cure is told in one sentence; anything else keeps its stack. */
function explain(error: unknown): never {
  const cures = ['DataDirInUseError', 'DataDirNotWritableError', 'PostgresStartError'];
  if (error instanceof Error && cures.includes(error.name)) throw new UsageFault(error.message, { cause: error });
  throw error;
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

function logLevel(): (typeof levels)[number] {
  const wanted = process.env['LOG_LEVEL'] ?? 'warn';
  const level = levels.find((known) => known === wanted);
  if (level !== undefined) return level;
  throw new UsageFault(`unable to run parley dev; LOG_LEVEL ${wanted} is none of ${levels.join(', ')}: choose one`);
}
