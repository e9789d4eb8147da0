import { z } from 'zod';

const isUrl = (text: string, protocols: readonly string[]) =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

/** A whole number between two bounds, written as text. */
export const envNumber = (least: number, most: number) =>
  z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(least, `is below ${least}`)
    .max(most, `is above ${most}`);

/** An address whose protocol is one of those named. */
export const envUrl = (...protocols: readonly string[]) =>
  z.string().refine((text) => isUrl(text, protocols), 'is not such an address');

/** One bus or several, in the environment of every service. */
export const envNatsUrl = z
  .string()
  .refine((text) => text.split(',').every((one) => isUrl(one.trim(), ['nats:', 'tls:'])), 'is not such an address');

/** Variables that every service reads from its environment, so that a name means the same everywhere. */
export const serviceEnv = (defaults: { readonly port: number; readonly shutdownMs: number }) => ({
  HOST: z.string().default('127.0.0.1').describe('the address to listen on; 0.0.0.0 for all'),
  PORT: envNumber(0, 65_535).default(defaults.port).describe('a TCP port, 0 for a free one'),
  OPERATOR_TOKEN: z
    .string()
    .min(16, 'is shorter than 16 characters')
    .regex(/^[\w.~+/=-]+$/, 'has characters that no token may hold')
    .optional()
    .describe(
      'what /metrics and /doctor ask for as "Authorization: Bearer", 16 characters or more; none: only who asks on the machine itself',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('trace, debug, info, warn, error, fatal or silent'),
  SHUTDOWN_DEADLINE_MS: envNumber(0, 600_000)
    .default(defaults.shutdownMs)
    .describe('time for work in hand to end when the service is stopped, in ms'),
});
