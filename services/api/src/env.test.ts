import { limits } from '@parley/contracts';
import { EnvError, readEnv } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { envSchema } from './env.ts';

const least = { DATABASE_URL: 'postgres://parley@localhost/parley' };
const faultsOf = (source: Record<string, string>): readonly string[] => {
  try {
    readEnv(envSchema, source);
    return [];
  } catch (fault) {
    if (fault instanceof EnvError) return fault.faults;
    throw fault;
  }
};

test('a database is all that has to be named', () => {
  expect(readEnv(envSchema, least)).toEqual({
    ...least,
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

test('every fault is named at once, none with its value', () => {
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
