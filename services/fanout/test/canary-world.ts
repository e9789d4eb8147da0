import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type Bus, createMemoryBus, createMetrics, silentLogger } from '@parley/service-kit';
import { createFaultyBus, type FakeClock, fakeClock } from '@parley/testkit';
import { expect, onTestFinished } from 'vitest';
import { createFanout, createFanoutServer, type Fanout } from '../src/index.ts';
import { type DeafBus, deafBus } from './deaf-bus.ts';

/** A node whose canary runs. */
export interface CanaryNode {
  readonly nodeId: string;
  readonly bus: DeafBus;
  readonly fanout: Fanout;
  readonly url: string;
  readonly port: number;
  /** From now on nobody gets a WebSocket. */
  refuseUpgrades(): void;
  /** Ends every connection without a word. */
  cutSockets(): void;
  /** What /readyz says of the canary. */
  check(): Promise<string | undefined>;
  /** By node id, in seconds, as the metric says. */
  ages(): Promise<Readonly<Record<string, number>>>;
  metric(name: string): Promise<number>;
}

/** Nodes with real sockets on one bus in memory, and a clock that stands still. */
export interface CanaryWorld {
  readonly clock: FakeClock;
  /** Cuts and heals the bus for all. */
  readonly bus: ReturnType<typeof createFaultyBus>;
  start(nodeId: string): Promise<CanaryNode>;
  /** One second each; after each of them waits until these paths have been gone, `[listener, from]`. */
  seconds(count: number, healthy: readonly (readonly [CanaryNode, CanaryNode])[]): Promise<void>;
}

/** A fact is waited for as long as a busy machine takes. The clock of the nodes stands still meanwhile. */
export const patient = { interval: 2, timeout: 20_000 };

export function createCanaryWorld(): CanaryWorld {
  const clock = fakeClock();
  const bus = createFaultyBus(createMemoryBus());
  onTestFinished(() => bus.close());
  return {
    clock,
    bus,
    start: (nodeId) => startNode(nodeId, bus, clock),
    async seconds(count, healthy) {
      for (let second = 0; second < count; second += 1) {
        await clock.advanceAsync(1_000);
        for (const [listener, from] of healthy)
          await expect
            .poll(async () => (await listener.ages())[from.nodeId], patient)
            // The other's second may begin a moment earlier or later.
            .toBeLessThanOrEqual(listener === from ? 0 : 1);
      }
    },
  };
}

async function startNode(nodeId: string, shared: Bus, clock: FakeClock): Promise<CanaryNode> {
  const bus = deafBus(shared);
  const metrics = createMetrics('fanout');
  const fanout = createFanout({ bus, logger: silentLogger(), nodeId, clock, metrics });
  const server = createFanoutServer(fanout);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this form.
  const listening = server.address() as AddressInfo;
  fanout.startCanary(listening);
  onTestFinished(async () => {
    await fanout.close();
    server.closeAllConnections();
    server.close();
  });
  // Its client is live.
  await expect.poll(() => fanout.stats().deliveries, patient).toBeGreaterThan(0);
  return {
    nodeId,
    bus,
    fanout,
    cutSockets() {
      for (const socket of sockets) socket.destroy();
    },
    port: listening.port,
    refuseUpgrades() {
      server.removeAllListeners('upgrade');
      server.on('upgrade', (_request, socket) => socket.destroy());
    },
    url: `http://127.0.0.1:${listening.port}`,
    check: async () => (await fanout.health.ready()).checks['canary'],
    async ages() {
      const text = await metrics.text();
      const found = text.matchAll(/^parley_canary_last_probe_age_seconds\{peer="([^"]+)".*\} (\d+)$/gm);
      return Object.fromEntries([...found].map(([, peer = '', age]) => [peer, Number(age)]));
    },
    async metric(name) {
      return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(await metrics.text())?.[1]);
    },
  };
}
