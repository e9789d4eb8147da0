import type { ClusterPlatform } from '../cluster/start-cluster-platform.ts';
import type { Command } from '../command.ts';
import { parseClusterOptions } from './cluster-options.ts';
import { serve } from './serve.ts';

const help = `Usage: parley cluster [options]

Runs the platform on this machine as production does: every node a process of its own, NATS between them, one address in front.
It needs nats-server on the PATH: apt install nats-server, brew install nats-server, or https://nats.io/download

Options
  --api <n>         API processes, 1 to 16 (2)
  --fanout <n>      fan-out processes, 1 to 16 (2)
  --nats <n>        NATS servers, 1 or 3 (1)
  --port <n>        port on 127.0.0.1 (4100); 0 takes a free one
  --data-dir <dir>  where everything is kept (.parley-cluster)
  --reset           begin with empty data
  --no-demo         no seeded conversation and nobody in it
  --json            print one line of JSON once ready, and nothing else, on stdout

A process that ends by itself is started again. LOG_LEVEL (warn) says how much is logged, to stderr: trace, debug, info, warn, error,
fatal, silent.
`;

/** `parley cluster`. */
export const clusterCommand: Command = {
  name: 'cluster',
  summary: 'run the platform on this machine as many processes',
  help,
  async run(args, terminal) {
    const options = parseClusterOptions(args);
    await serve<ClusterPlatform>(
      {
        command: 'parley cluster',
        json: options.json,
        start: async (logger) =>
          (await import('../cluster/start-cluster-platform.ts')).startClusterPlatform(options, logger),
        line: ({ line }) => line,
        banner,
      },
      terminal,
    );
    return 0;
  },
};

function banner({ line: { demoUrl, apiUrls, fanoutUrls, natsUrls, pids } }: ClusterPlatform, tookMs: number): string {
  const rows = [
    ...apiUrls.map((url, index) => ['api', url, pids.api[index]] as const),
    ...fanoutUrls.map((url, index) => ['fanout', url, pids.fanout[index]] as const),
    ...natsUrls.map((url, index) => ['nats', url, pids.nats[index]] as const),
  ].map(([kind, url, pid]) => `    ${kind.padEnd(8)}${url.padEnd(26)}process ${pid}`);
  return `
  Parley is running as ${rows.length + 2} processes (ready in ${(tookMs / 1_000).toFixed(1)} s).

    Open    ${demoUrl}

${rows.join('\n')}

  Ctrl-C stops everything; the messages stay.

`;
}
