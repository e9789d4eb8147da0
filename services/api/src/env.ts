import { z } from 'zod';

const isUrl = (text: string, protocols: readonly string[]) =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const count = (least: number, most: number) =>
  z.coerce.number('is not a number').int('is not a whole number').min(least).max(most);

/** The environment of the service. */
export const envSchema = z.object({
  DATABASE_URL: z
    .string()
    .refine((text) => isUrl(text, ['postgres:', 'postgresql:']), 'is not such an address')
    .describe('the database, for example postgres://parley:secret@localhost:5432/parley'),
  NATS_URL: z
    .string()
    .refine((text) => text.split(',').every((one) => isUrl(one.trim(), ['nats:', 'tls:'])), 'is not such an address')
    .optional()
    .describe(
      'the bus, for example nats://localhost:4222, several separated by commas; without it only this process hears of events',
    ),
  HOST: z.string().default('127.0.0.1').describe('the address to listen on; 0.0.0.0 for all'),
  PORT: count(0, 65_535).default(4000).describe('a TCP port, 0 for a free one'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('trace, debug, info, warn, error, fatal or silent'),
  DATABASE_POOL_SIZE: count(2, 500).default(20).describe('most connections to the database, 2 to 500'),
  EVENT_RETENTION_DAYS: count(1, 36_500).default(30).describe('days after which events are pruned; messages stay'),
  SHUTDOWN_DEADLINE_MS: count(0, 600_000)
    .default(15_000)
    .describe('time for work in hand to end when the service is stopped, in ms'),
  TEST_MODE: flag
    .default(false)
    .describe('true: accept a database that could lose what it acknowledged; never in production'),
});

export type Env = z.output<typeof envSchema>;
