import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { reasonOf, UsageError } from '../usage-error.ts';
import { administrate } from './administrate.ts';

const help = `Usage: parley key create --app <id> [--label <text>]
       parley key list --app <id>
       parley key revoke <key id> --app <id> [--last]
       parley key reencrypt

Manages API keys in the database of DATABASE_URL, with the SECRETS_KEY of the API nodes. Prints one line of JSON for each key.

  create     makes a further key; its secret is shown this once
  list       valid keys, newest first, then those that were revoked
  revoke     refuses every token of the key at once and closes their sockets within a second
  reencrypt  encrypts every secret with the first key of SECRETS_KEY, those too that were not encrypted

Running API nodes look for revocations twice a second, so NATS_URL is not needed here; with it, sockets are closed sooner.

Options
  --app <id>      the app, as create-app printed it: app_...
  --label <text>  what the key is for
  --last          revoke the key also when it is the only one of the app, which then nobody can call
`;

/** `parley key`. */
export const keyCommand: Command = {
  name: 'key',
  summary: 'create, list and revoke API keys; encrypt their secrets anew',
  help,
  async run(args, { stdout }) {
    const { action, appId, keyId, label, last } = parse(args);
    const print = (line: object) => stdout.write(`${JSON.stringify(line)}\n`);
    await administrate(async ({ keys }) => {
      switch (action) {
        case 'create': {
          // A secret that the nodes could not read would keep them from starting.
          await keys.check();
          const { key, secret } = await keys.create(appId, label);
          print({ ...key, secret });
          break;
        }
        case 'list':
          for (const key of await keys.list(appId)) print(key);
          break;
        case 'revoke':
          print(await keys.revoke(appId, keyId, { last }));
          break;
        case 'reencrypt':
          print({ reencrypted: await keys.reencrypt() });
      }
    });
    return 0;
  },
};

const actions = ['create', 'list', 'revoke', 'reencrypt'] as const;

function parse(args: readonly string[]) {
  const { values, positionals } = read(args);
  const [word = '', keyId = '', ...rest] = positionals;
  const action = actions.find((known) => known === word);
  if (action === undefined)
    throw new UsageError(`unable to run parley key; ${word || 'nothing'} is none of ${actions.join(', ')}: choose one`);
  const appId = values.app ?? '';
  if (appId === '' && action !== 'reencrypt')
    throw new UsageError(`unable to ${action} a key; it is not said of which app: add --app <id>`);
  if (action === 'revoke' && keyId === '')
    throw new UsageError('unable to revoke a key; none is named: add its id, as parley key list prints it');
  if (rest.length > 0 || (action !== 'revoke' && keyId !== ''))
    throw new UsageError(`unable to run parley key ${action}; ${rest.join(' ') || keyId} is too much: leave it out`);
  return { action, appId, keyId, label: values.label ?? null, last: values.last };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { app: { type: 'string' }, label: { type: 'string' }, last: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UsageError(`unable to run parley key; ${reasonOf(error)}: see parley key --help`, { cause: error });
  }
}
