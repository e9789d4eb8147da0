import type { Logger } from '../logger.ts';
import type { Bus } from './bus.ts';
import { createMemoryBus } from './memory.ts';
import { connectNatsBus } from './nats.ts';

/** Options of {@link createBus}. */
export interface CreateBusOptions {
  /** `nats://…` URLs, separated by commas; undefined: everything runs in this process. */
  readonly natsUrl?: string | undefined;
  /** Shown in the server's list of connections. */
  readonly name: string;
  readonly logger: Logger;
}

/** The bus that the environment asks for: over NATS when there is a URL, else within this process. */
export async function createBus({ natsUrl, name, logger }: CreateBusOptions): Promise<Bus> {
  return natsUrl === undefined ? createMemoryBus({ logger }) : connectNatsBus({ servers: natsUrl, name, logger });
}
