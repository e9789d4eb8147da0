import { limits } from '@parley/contracts';
import { EnvError, readEnv } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { envSchema } from './env.ts';

const secretsKey = Buffer.alloc(32, 7);
const least = { DATABASE_URL: 'postgres://parley@localhost/parley', SECRETS_KEY: secretsKey.toString('base64') };
const faultsOf = (source: Record<string, string>): readonly string[] => {
  try {
    readEnv(envSchema, source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
};

test('a database, and a key for secrets, is all that has to be named', () => {
  expect(readEnv(envSchema, least)).toEqual({
    DATABASE_URL: least.DATABASE_URL,
    SECRETS_KEY: [secretsKey],
    HOST: '127.0.0.1',
    PORT: 4000,
    LOG_LEVEL: 'info',
    DATABASE_POOL_SIZE: 20,
    EVENT_RETENTION_DAYS: 30,
    USER_OPERATIONS_PER_MINUTE: limits.userOperationsPerMinute,
    KEY_OPERATIONS_PER_MINUTE: limits.keyOperationsPerMinute,
    SHUTDOWN_DEADLINE_MS: 15_000,
    TEST_MODE: false,
    TRUSTED_PROXIES: 0,
  });
});

test('what is given is read', () => {
  const source = {
    ...least,
    NATS_URL: 'nats://a:4222,nats://b:4222',
    PORT: '0',
    TEST_MODE: 'true',
    EVENT_RETENTION_DAYS: '7',
  };
  expect(readEnv(envSchema, source)).toMatchObject({
    NATS_URL: 'nats://a:4222,nats://b:4222',
    PORT: 0,
    TEST_MODE: true,
    EVENT_RETENTION_DAYS: 7,
  });
});

test('every mistake is named at once, none with its value', () => {
  const faults = faultsOf({
    DATABASE_URL: 'mysql://user:hunter2@localhost',
    NATS_URL: 'localhost',
    PORT: 'http',
    LOG_LEVEL: 'loud',
    TEST_MODE: '1',
  });
  for (const name of ['DATABASE_URL', 'NATS_URL', 'PORT', 'LOG_LEVEL', 'TEST_MODE'])
    expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${name}: .*expected: `)));
  expect(faults.join()).not.toContain('hunter2');
  expect(faultsOf({})).toEqual([expect.stringContaining('DATABASE_URL: is missing')]);
});

test.each([
  ['PORT', '65536'],
  ['PORT', '1.5'],
  ['EVENT_RETENTION_DAYS', '0'],
  ['DATABASE_POOL_SIZE', '1'],
])('%s is not %s', (name, value) => {
  expect(faultsOf({ ...least, [name]: value })).toEqual([expect.stringContaining(name)]);
});

test('a key for secrets is needed outside of tests, and the error says how to make one', () => {
  const { DATABASE_URL } = least;
  expect(faultsOf({ DATABASE_URL })).toEqual([
    expect.stringMatching(/^SECRETS_KEY: is missing \(expected: 32 bytes in base64, as `openssl rand -base64 32`/),
  ]);
  expect(faultsOf({ DATABASE_URL, TEST_MODE: 'true' })).toEqual([]);
  const [fault, ...others] = faultsOf({ DATABASE_URL, SECRETS_KEY: 'hunter2' });
  expect(fault).toMatch(/^SECRETS_KEY: is no such key \(expected: 32 bytes/);
  expect(fault).not.toContain('hunter2');
  expect(others).toEqual([]);
});
