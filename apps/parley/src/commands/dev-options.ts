import { parseDataDir, parsePort, readOptions } from './options.ts';

/** Options of `parley dev`. */
export interface DevOptions {
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly dataDir: string;
  readonly reset: boolean;
  readonly demo: boolean;
  readonly json: boolean;
}

const command = 'parley dev';

/** @throws UsageError */
export function parseDevOptions(args: readonly string[]): DevOptions {
  const values = readOptions(command, args, {
    port: { type: 'string', default: '4000' },
    'data-dir': { type: 'string', default: '.parley' },
    reset: { type: 'boolean', default: false },
    'no-demo': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  return {
    port: parsePort(command, values.port),
    dataDir: parseDataDir(command, values['data-dir'], '.parley'),
    reset: values.reset,
    demo: !values['no-demo'],
    json: values.json,
  };
}
