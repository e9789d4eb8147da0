import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { reasonOf, UsageError } from '../usage-error.ts';
import { administrate } from './administrate.ts';

const help = `Usage: parley app list
       parley app origins --app <id> [<origin> ... | --any]

Looks at apps, and at the websites that may use their tokens, in the database of DATABASE_URL. Prints one line of JSON for each app.

  list     every app
  origins  without origins: those that are allowed, none meaning all; with some: allows these and no others, and closes the sockets of
           others within a second

Options
  --app <id>  the app: app_...
  --any       allow every website

Example
  parley app origins --app app_1 https://app.example.com https://admin.example.com
`;

/** `parley app`. */
export const appCommand: Command = {
  name: 'app',
  summary: 'list apps, say which websites may use their tokens',
  help,
  async run(args, { stdout }) {
    const { action, appId, origins } = parse(args);
    await administrate(async ({ apps }) => {
      const print = (app: object) => stdout.write(`${JSON.stringify(app)}\n`);
      if (action === 'list') for (const app of await apps.list()) print(app);
      else if (origins !== null) print(await apps.setAllowedOrigins(appId, origins));
      else {
        const app = await apps.find(appId);
        if (app === null)
          throw new UsageError(`unable to read the origins; there is no app ${appId}: see parley app list`);
        print(app);
      }
    });
    return 0;
  },
};

const actions = ['list', 'origins'] as const;

function parse(args: readonly string[]) {
  const { values, positionals } = read(args);
  const [word = '', ...named] = positionals;
  const action = actions.find((known) => known === word);
  if (action === undefined)
    throw new UsageError(`unable to run parley app; ${word || 'nothing'} is none of ${actions.join(', ')}: choose one`);
  const appId = values.app ?? '';
  if (action === 'origins' && appId === '')
    throw new UsageError('unable to look at origins; it is not said of which app: add --app <id>');
  if (values.any && named.length > 0)
    throw new UsageError('unable to set origins; --any allows all, and some are named: leave out one of the two');
  return { action, appId, origins: values.any || named.length > 0 ? named : null };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { app: { type: 'string' }, any: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UsageError(`unable to run parley app; ${reasonOf(error)}: see parley app --help`, { cause: error });
  }
}
