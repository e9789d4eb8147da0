import { parseArgs } from 'node:util';
import { reasonOf, UsageFault } from '../usage-fault.ts';

/** What `parley dev` was told. */
export interface DevOptions {
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly dataDir: string;
  readonly reset: boolean;
  readonly demo: boolean;
  readonly json: boolean;
}

/** @throws UsageFault */
export function parseDevOptions(args: readonly string[]): DevOptions {
  const { values } = parse(args);
  return {
    port: parsePort(values.port),
    dataDir: parseDataDir(values['data-dir']),
    reset: values.reset,
    demo: !values['no-demo'],
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4000' },
        'data-dir': { type: 'string', default: '.parley' },
        reset: { type: 'boolean', default: false },
        'no-demo': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageFault(`unable to run parley dev; ${reasonOf(error)}: see parley dev --help`, { cause: error });
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageFault(`unable to run parley dev; --port ${text} is not a port: take a number from 0 to 65535`);
}

function parseDataDir(text: string): string {
  if (text !== '') return text;
  throw new UsageFault('unable to run parley dev; --data-dir is empty: name a folder, such as .parley');
}
