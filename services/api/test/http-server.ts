import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** A server on a free port of 127.0.0.1. */
export interface HttpServer {
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

export async function listen(handler: RequestListener): Promise<HttpServer> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('unable to listen; there is no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
