import type { Server } from 'node:http';
import { createHttpServer, type HttpServerOptions, silentLogger } from '@parley/service-kit';
import type { Fanout } from './fanout.ts';

/** An HTTP server in front of a fan-out node. It does not listen yet. */
export function createFanoutServer(
  fanout: Pick<Fanout, 'handleRequest' | 'handleUpgrade'>,
  { logger = silentLogger(), ...options }: Partial<Pick<HttpServerOptions, 'limits' | 'logger'>> = {},
): Server {
  return createHttpServer({
    handle: (request, response) => fanout.handleRequest(request, response),
    upgrade: (request, socket, head) => fanout.handleUpgrade(request, socket, head),
    logger,
    ...options,
  });
}
