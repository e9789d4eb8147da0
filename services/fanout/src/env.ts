import { envNatsUrl, serviceEnv } from '@parley/service-kit';
import { z } from 'zod';

/** What a fan-out node reads from its environment. */
export const envSchema = z.object({
  NATS_URL: envNatsUrl.describe(
    'the bus, for example nats://fanout:password@localhost:4222, several separated by commas',
  ),
  ...serviceEnv({ port: 4001, shutdownMs: 25_000 }),
  NODE_ID: z.string().min(1).max(64).optional().describe('name of this node, unique among the nodes'),
});
