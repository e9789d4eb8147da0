import { parseArgs } from 'node:util';
import type { Attack } from './attack.ts';
import type { TargetOptions } from './target.ts';

/** What a run was asked for. */
export interface Choice {
  readonly attacks: readonly Attack[];
  /** Absent: start a platform of one's own. */
  readonly target: TargetOptions | null;
  readonly json: boolean;
}

/** A sentence for whoever typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const options = {
  url: { type: 'string' },
  'key-id': { type: 'string' },
  secret: { type: 'string' },
  short: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Reads `[name …] [--short] [--json] [--url <graphql url> --key-id <id> --secret <secret>]`. @throws UsageError */
export function readChoice(args: readonly string[], known: readonly Attack[]): Choice {
  const { values, positionals } = parsed(args);
  const unknown = positionals.find((name) => known.every((attack) => attack.name !== name));
  if (unknown !== undefined)
    throw new UsageError(`unable to run attack ${unknown}; there are: ${known.map(({ name }) => name).join(', ')}`);
  const named = known.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return {
    attacks: values.short ? named.filter(({ long = false }) => !long) : named,
    target: targetIn(values),
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`unable to run the attacks; ${why}`, { cause: error });
  }
}

function targetIn(values: { readonly url?: string; readonly 'key-id'?: string; readonly secret?: string }) {
  const { url, 'key-id': keyId, secret } = values;
  if (url === undefined) return null;
  if (!/^https?:\/\//.test(url) || keyId === undefined || secret === undefined)
    throw new UsageError(
      'unable to attack --url; give the http:// URL of GraphQL, and --key-id and --secret of an app made for it',
    );
  return { graphqlUrl: url, socketUrl: url.replace(/^http/, 'ws'), keyId, secret };
}
