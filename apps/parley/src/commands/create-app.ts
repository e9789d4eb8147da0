import { parseArgs } from 'node:util';
import { ParleyError } from '@parley/contracts';
import type { Command } from '../command.ts';
import { reasonOf, UsageFault } from '../usage-fault.ts';

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
    const [{ createApi, envSchema }, { createMemoryBus, createLogger, EnvError, readEnv }] = await Promise.all([
      import('@parley/api'),
      import('@parley/service-kit'),
    ]);
    const logger = createLogger({ service: 'parley', level: 'warn', pretty: true });
    try {
      const { DATABASE_URL: databaseUrl, TEST_MODE: testMode } = readEnv(envSchema);
      const api = await createApi({ databaseUrl, testMode, bus: createMemoryBus({ logger }), logger, poolSize: 2 });
      try {
        const { app, key } = await api.apps.create({ name, environment });
        stdout.write(`${JSON.stringify({ appId: app.id, apiKey: key.keyId, apiSecret: key.secret })}\n`);
      } finally {
        await api.close();
      }
    } catch (error) {
      if (error instanceof ParleyError || error instanceof EnvError)
        throw new UsageFault(error.message, { cause: error });
      throw error;
    }
    return 0;
  },
};

function parse(args: readonly string[]) {
  const { name, environment: wanted } = parseOptions(args).values;
  if (name === undefined || name.trim() === '') {
    throw new UsageFault('unable to create an app; it has no name: add --name "My app"');
  }
  const environment = environments.find((known) => known === wanted);
  if (environment !== undefined) return { name, environment };
  throw new UsageFault(
    `unable to create an app; --environment ${wanted} is none of ${environments.join(', ')}: choose one`,
  );
}

function parseOptions(args: readonly string[]) {
  try {
    const options = { name: { type: 'string' }, environment: { type: 'string', default: 'production' } } as const;
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UsageFault(`unable to create an app; ${reasonOf(error)}: see parley create-app --help`, { cause: error });
  }
}
