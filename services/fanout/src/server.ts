import { createServer, type Server } from 'node:http';
import type { Fanout } from './fanout.ts';

/** An HTTP server in front of a fan-out node. It does not listen yet. */
export function createFanoutServer(fanout: Fanout): Server {
  const server = createServer((request, response) => fanout.handleRequest(request, response));
  server.on('upgrade', (request, socket, head) => fanout.handleUpgrade(request, socket, head));
  return server;
}
