import { envNatsUrl, envNumber, serviceEnv } from '@parley/service-kit';
import { z } from 'zod';

/** Environment variables of a fan-out node. */
export const envSchema = z.object({
  NATS_URL: envNatsUrl.describe(
    'the bus, for example nats://fanout:password@localhost:4222, several separated by commas',
  ),
  ...serviceEnv({ port: 4001, shutdownMs: 25_000 }),
  TRUSTED_PROXIES: envNumber(0, 10)
    .default(0)
    .describe(
      'proxies in front of this node, each of which adds the address that it was asked from to X-Forwarded-For; 0: the header is not believed',
    ),
  NODE_ID: z.string().min(1).max(64).optional().describe('name of this node, unique among the nodes'),
});
