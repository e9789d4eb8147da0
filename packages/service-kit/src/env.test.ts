import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { EnvError, parseEnv, readEnv } from './env.ts';

const schema = z.object({
  DATABASE_URL: z.url().describe('a postgres:// URL'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(['info', 'debug']).default('info'),
  NATS_URL: z.url().optional(),
});

test('values are parsed, defaults filled in, and other variables left out', () => {
  const env = readEnv(schema, { DATABASE_URL: 'postgres://localhost/parley', PORT: '80', HOME: '/root' });
  expect(env).toEqual({ DATABASE_URL: 'postgres://localhost/parley', PORT: 80, LOG_LEVEL: 'info' });
});

test('an empty variable counts as absent', () => {
  expect(readEnv(schema, { DATABASE_URL: 'postgres://localhost/parley', NATS_URL: '', PORT: '' }).PORT).toBe(4000);
});

test('every mistake is reported at once, by name, without the value', () => {
  const read = () => readEnv(schema, { DATABASE_URL: 'hunter2', PORT: '70000', LOG_LEVEL: 'loud' });
  expect(read).toThrow(EnvError);
  const fault = caught(read);
  expect(fault.faults).toHaveLength(3);
  expect(fault.faults[0]).toMatch(/^DATABASE_URL: .*\(expected: a postgres:\/\/ URL\)$/);
  expect(fault.faults[1]).toMatch(/^PORT: .*65535/);
  expect(fault.faults[2]).toMatch(/^LOG_LEVEL: .*"info"\|"debug"/);
  expect(fault.message).not.toContain('hunter2');
});

test('a missing variable is called missing', () => {
  expect(caught(() => readEnv(schema, {})).faults).toEqual(['DATABASE_URL: is missing (expected: a postgres:// URL)']);
});

test('a service with a wrong environment says so and exits with 1', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  try {
    expect(() => parseEnv(schema, { LOG_LEVEL: 'loud' })).toThrow('exit 1');
    expect(write.mock.calls.join('')).toMatch(/unable to start;.*\n {2}DATABASE_URL: .*\n {2}LOG_LEVEL: /);
  } finally {
    write.mockRestore();
    exit.mockRestore();
  }
});

function caught(act: () => unknown): EnvError {
  try {
    act();
  } catch (error) {
    if (error instanceof EnvError) return error;
  }
  throw new Error('expected an EnvError');
}
