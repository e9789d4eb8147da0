import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { administrate } from './administrate.ts';
import { readOptions } from './options.ts';

const help = `Usage: parley create-app --name <name> [--environment production]

Makes a tenant in the database of DATABASE_URL and prints one line of JSON: appId, apiKey, apiSecret. The secret is shown this once.

Options
  --name <name>         what the app is called
  --environment <word>  development, staging or production (production)
`;

const environments = ['development', 'staging', 'production'] as const;

/** `parley create-app`: how a platform that runs by itself gets its first tenant. */
export const createAppCommand: Command = {
  name: 'create-app',
  summary: 'make a tenant in the database of DATABASE_URL',
  help,
  async run(args, { stdout }) {
    const { name, environment } = parse(args);
    await administrate(async ({ apps }) => {
      const { app, key } = await apps.create({ name, environment });
      stdout.write(`${JSON.stringify({ appId: app.id, apiKey: key.keyId, apiSecret: key.secret })}\n`);
    });
    return 0;
  },
};

function parse(args: readonly string[]) {
  const { name, environment: wanted } = readOptions('parley create-app', args, {
    name: { type: 'string' },
    environment: { type: 'string', default: 'production' },
  });
  if (name === undefined || name.trim() === '') {
    throw new UsageError('unable to create an app; it has no name: add --name "My app"');
  }
  const environment = environments.find((known) => known === wanted);
  if (environment !== undefined) return { name, environment };
  throw new UsageError(
    `unable to create an app; --environment ${wanted} is none of ${environments.join(', ')}: choose one`,
  );
}
