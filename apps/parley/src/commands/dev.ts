import type { Command } from '../command.ts';
import type { DevPlatform } from '../dev/start-dev.ts';
import { parseDevOptions } from './dev-options.ts';
import { serve } from './serve.ts';

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
    const options = parseDevOptions(args);
    await serve<DevPlatform>(
      {
        command: 'parley dev',
        json: options.json,
        start: async (logger) => (await import('../dev/start-dev.ts')).startDev(options, logger),
        // Named as the options of the SDKs are, so that they can be handed over; the first names stay for those who read them.
        line: ({ close: _close, ...platform }) => ({
          ...platform,
          keyId: platform.apiKey,
          secret: platform.apiSecret,
        }),
        banner: (platform, tookMs) => banner(platform, options.demo, tookMs),
      },
      terminal,
    );
    return 0;
  },
};

function banner(
  { demoUrl, url, graphqlUrl, subscriptionsUrl, apiKey, apiSecret }: DevPlatform,
  demo: boolean,
  tookMs: number,
): string {
  const company = demo ? 'Grace is there and answers. ' : '';
  return `
  Parley is running (ready in ${(tookMs / 1_000).toFixed(1)} s).

    Open      ${demoUrl}

    GraphQL   ${graphqlUrl}
    Events    ${subscriptionsUrl}
    Token     ${url}/dev/token?user=ada
    Key id    ${apiKey}
    Secret    ${apiSecret}
    Docs      docs/guides/quickstart.md

  ${company}Ctrl-C stops everything; the messages stay.

`;
}
