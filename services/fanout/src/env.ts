import { z } from 'zod';

/** What a fan-out node reads from its environment. */
export const envSchema = z.object({
  NATS_URL: z.string().min(1).describe('address of the bus, for example nats://127.0.0.1:4222'),
  HOST: z.string().default('0.0.0.0').describe('address to listen on'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4001).describe('port to listen on, 0 to 65535'),
  NODE_ID: z.string().min(1).max(64).optional().describe('name of this node, unique among the nodes'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('trace, debug, info, warn, error, fatal or silent'),
  SHUTDOWN_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(300_000)
    .default(25_000)
    .describe('ms that a shutdown may take, 1000 to 300000'),
});
