import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { subjects } from '@parley/contracts/bus';
import { createFanout, createFanoutServer } from '@parley/fanout';
import { createBus, silentLogger } from '@parley/service-kit';
import { broadcastEvent, serveBroadcasts, watcher } from './broadcaster.ts';
import { serveStubApi } from './stub-api.ts';

// The fan-out node as it is. Without NATS_URL the bus is in memory and the stub of the API behind it; each event is published as the API does it,
// one bus message a send.
const natsUrl = process.env['NATS_URL'];
const logger = silentLogger();
const bus = await createBus({ natsUrl, name: 'bench-fanout', logger });
let head = 0;
if (natsUrl === undefined) await serveStubApi(bus, () => head).ready;
const fanout = createFanout({ bus, logger });
const server = createFanoutServer(fanout).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

serveBroadcasts({
  address: `ws://127.0.0.1:${port}/graphql`,
  publish(seq, text) {
    head = seq;
    const event = broadcastEvent(seq, text);
    void bus.publish(subjects.channel(watcher.appId, watcher.channelId), JSON.stringify({ events: [event] }));
  },
  stats: () => fanout.stats(),
});
