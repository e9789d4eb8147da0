import type { Administration } from '@parley/api/administration';
import { oneSentence, UsageError } from '../usage-error.ts';

/** Does something in the database of DATABASE_URL, and notifies the nodes over the bus of NATS_URL, if there is one. @throws UsageError */
export async function administrate(work: (administration: Administration) => Promise<void>): Promise<void> {
  const [{ envSchema, openAdministration }, { createLogger, EnvError, readEnv }] = await Promise.all([
    import('@parley/api/administration'),
    import('@parley/service-kit'),
  ]);
  const logger = createLogger({ service: 'parley', level: 'warn', pretty: true });
  try {
    const env = readEnv(envSchema);
    const administration = await openAdministration({
      databaseUrl: env.DATABASE_URL,
      natsUrl: env.NATS_URL,
      secretsKeys: env.SECRETS_KEY ?? [],
      testMode: env.TEST_MODE,
      logger,
    });
    try {
      await work(administration);
    } finally {
      await administration.close();
    }
  } catch (error) {
    if (error instanceof EnvError) throw new UsageError(error.message, { cause: error });
    throw oneSentence(error);
  }
}
