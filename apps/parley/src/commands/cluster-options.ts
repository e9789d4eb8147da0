import { UsageError } from '../usage-error.ts';
import type { DevOptions } from './dev-options.ts';
import { parseDataDir, parsePort, readOptions } from './options.ts';

/** Options of `parley cluster`. */
export interface ClusterCommandOptions extends DevOptions {
  /** Processes of each kind. */
  readonly api: number;
  readonly fanout: number;
  readonly nats: 1 | 3;
}

const command = 'parley cluster';
const most = 16;

/** @throws UsageError */
export function parseClusterOptions(args: readonly string[]): ClusterCommandOptions {
  const values = readOptions(command, args, {
    api: { type: 'string', default: '2' },
    fanout: { type: 'string', default: '2' },
    nats: { type: 'string', default: '1' },
    port: { type: 'string', default: '4100' },
    'data-dir': { type: 'string', default: '.parley-cluster' },
    reset: { type: 'boolean', default: false },
    'no-demo': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  return {
    api: parseCount('api', values.api),
    fanout: parseCount('fanout', values.fanout),
    nats: parseNats(values.nats),
    port: parsePort(command, values.port),
    dataDir: parseDataDir(command, values['data-dir'], '.parley-cluster'),
    reset: values.reset,
    demo: !values['no-demo'],
    json: values.json,
  };
}

function parseCount(name: string, text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new UsageError(
    `unable to run ${command}; --${name} ${text} is not a number of processes: take one from 1 to ${most}`,
  );
}

function parseNats(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new UsageError(`unable to run ${command}; --nats ${text} is not a number of servers that agree: take 1 or 3`);
}
