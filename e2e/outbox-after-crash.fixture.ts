import { once } from 'node:events';
import { createServer } from 'node:http';
import { createApi } from '@parley/api';
import { createMemoryBus, silentLogger } from '@parley/service-kit';

// An API node of its own process whose publications never get out: it commits, and is killed before it can publish them.
const bus = createMemoryBus();
const api = await createApi({
  databaseUrl: process.argv[2] ?? '',
  bus: { ...bus, publish: () => new Promise<void>(() => undefined) },
  logger: silentLogger(),
  testMode: true,
});
const server = createServer(api.handler);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
