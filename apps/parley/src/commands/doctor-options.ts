import { parseArgs } from 'node:util';
import { reasonOf, UsageError } from '../usage-error.ts';

/** Options of `parley doctor`. */
export interface DoctorOptions {
  /** Where the platform is, without a path. */
  readonly url: URL;
  /** Subscribes with it, rather than only seeing that nobody gets in without one. */
  readonly token: string | undefined;
  /** Shown to /doctor, where the platform has one. */
  readonly operatorToken: string | undefined;
  readonly json: boolean;
}

const defaultUrl = 'http://127.0.0.1:4000';

/** @throws UsageError */
export function parseDoctorOptions(args: readonly string[]): DoctorOptions {
  const { values, positionals } = parse(args);
  const [address = defaultUrl, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`unable to examine; ${rest.join(' ')} is too much: name one address`);
  if (values.token === '') throw new UsageError('unable to examine; --token is empty: leave it out, or give one');
  const operatorToken = values['operator-token'];
  if (operatorToken === '')
    throw new UsageError('unable to examine; --operator-token is empty: leave it out, or give one');
  return { url: parseUrl(address), token: values.token, operatorToken, json: values.json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        token: { type: 'string' },
        'operator-token': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`unable to examine; ${reasonOf(error)}: see parley doctor --help`, { cause: error });
  }
}

/** The socket's address is as good as the other one, and so is the endpoint's. */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text.replace(/^ws(s?):/i, 'http$1:')) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    throw new UsageError(`unable to examine ${text}; it is no address: write it like ${defaultUrl}`);
  return new URL(url.origin);
}
