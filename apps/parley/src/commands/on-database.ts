import type { AdministrationOptions } from '@parley/api/administration';
import { oneSentence, UsageFault } from '../usage-fault.ts';

/** Runs work on the database that the environment names. What the database or the environment is refused for is one sentence. @throws UsageFault */
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
    if (error instanceof EnvError) throw new UsageFault(error.message, { cause: error });
    throw oneSentence(error);
  }
}
