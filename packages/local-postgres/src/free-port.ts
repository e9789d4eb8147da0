import { createServer } from 'node:net';

/** Below the ports that systems lend to outgoing connections, one of which could otherwise take a port while its server restarts. */
const first = 15_000;
const count = 17_000;
const attempts = 50;

/** A TCP port on 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = first + Math.floor(Math.random() * count);
    if (await isFree(port)) return port;
  }
  throw new Error(`unable to find a free port; ${attempts} between ${first} and ${first + count} were taken`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
