import { type Api, type Consumer, createApi } from '@parley/api';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { leaseMs } from './marked-consumer.ts';

/** An API node that does nothing but run the consumer. */
export const startNode = (databaseUrl: string, consumer: Consumer): Promise<Api> =>
  createApi({
    databaseUrl,
    bus: createMemoryBus(),
    logger: silentLogger(),
    testMode: true,
    poolSize: 6,
    consumers: [consumer],
    consumerLeaseMs: leaseMs,
  });
