import type { AdministrationOptions } from '@parley/api/administration';
import { oneSentence, UsageError } from '../usage-error.ts';

/** Runs work on the database that the environment names. What the database or the environment is refused for is one sentence. @throws UsageError */
export async function onDatabase<T>(work: (options: AdministrationOptions) => Promise<T>): Promise<T> {
  const [{ databaseEnvSchema }, { createLogger, EnvError, readEnv }] = await Promise.all([
    import('@parley/api/administration'),
    import('@parley/service-kit'),
  ]);
  try {
    const { DATABASE_URL: databaseUrl, TEST_MODE: testMode } = readEnv(databaseEnvSchema);
    return await work({
      databaseUrl,
      testMode,
      logger: createLogger({ service: 'parley', level: 'warn', pretty: true }),
    });
  } catch (error) {
    if (error instanceof EnvError) throw new UsageError(error.message, { cause: error });
    throw oneSentence(error);
  }
}
