import { limits } from '@parley/contracts';
import { envNatsUrl, envNumber, envUrl, serviceEnv } from '@parley/service-kit';
import { z } from 'zod';
import { parseSecretsKey } from './platform/secret-box.ts';

const secretsCure =
  '32 bytes in base64, as `openssl rand -base64 32` prints them, the same on every API node; several separated by commas while they are rotated, the newest first';

const database = {
  DATABASE_URL: envUrl('postgres:', 'postgresql:').describe(
    'the database, for example postgres://parley:secret@localhost:5432/parley',
  ),
  TEST_MODE: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(false)
    .describe('true: accept a database that could lose what it acknowledged, and no SECRETS_KEY; never in production'),
};

/** For commands that read no secret. */
export const databaseEnvSchema = z.object(database);

const variables = z.object({
  ...database,
  NATS_URL: envNatsUrl
    .optional()
    .describe(
      'the bus, for example nats://api:password@localhost:4222, several separated by commas; without it only this process hears of events',
    ),
  ...serviceEnv({ port: 4000, shutdownMs: 15_000 }),
  DATABASE_POOL_SIZE: envNumber(2, 500).default(20).describe('most connections to the database, 2 to 500'),
  EVENT_RETENTION_DAYS: envNumber(1, 36_500).default(30).describe('days after which events are pruned; messages stay'),
  USER_OPERATIONS_PER_MINUTE: envNumber(1, 100_000_000)
    .default(limits.userOperationsPerMinute)
    .describe('operations of one user in a minute, past which this node refuses them'),
  KEY_OPERATIONS_PER_MINUTE: envNumber(1, 100_000_000)
    .default(limits.keyOperationsPerMinute)
    .describe('operations under one API key in a minute, past which this node refuses them'),
  TRUSTED_PROXIES: envNumber(0, 10)
    .default(0)
    .describe(
      'proxies in front of this node, each of which adds the address that it was asked from to X-Forwarded-For; 0: the header is not believed',
    ),
  SECRETS_KEY: z
    .string()
    .transform((text, context) => {
      const keys = parseSecretsKey(text);
      if (keys !== null) return keys;
      context.addIssue({ code: 'custom', message: 'is no such key' });
      return z.NEVER;
    })
    .optional()
    .describe(secretsCure),
});

/** The environment of the service. Secrets are stored as they are in a test alone. */
export const envSchema = variables.superRefine(({ SECRETS_KEY, TEST_MODE }, context) => {
  if (SECRETS_KEY === undefined && !TEST_MODE)
    context.addIssue({ code: 'custom', path: ['SECRETS_KEY'], message: 'is missing' });
});
