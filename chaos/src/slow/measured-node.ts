import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createFanout, createFanoutServer } from '@parley/fanout';
import { type Bus, silentLogger } from '@parley/service-kit';
import type { World } from '../world/world.ts';
import type { Worlds } from '../world/worlds.ts';

/** A fan-out node whose counters and memory can be looked at. */
export interface MeasuredNode {
  readonly world: World;
  readonly subscriptionsUrl: string;
  /** Sockets closed because they read too slowly. */
  slowConsumers(): Promise<number>;
  /** What the process keeps: all but the young generation of its heap, whose size says how fast it allocates and not what it holds. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}

export const openMeasuredNode = (worlds: Worlds, inside: boolean): Promise<MeasuredNode> =>
  inside ? openInside(worlds) : openProcess(worlds);

async function openInside(worlds: Worlds): Promise<MeasuredNode> {
  const buses: Bus[] = [];
  const world = await worlds.inside({
    wrapBus(_node, bus) {
      buses.push(bus);
      return bus;
    },
  });
  const [bus] = buses;
  if (bus === undefined) throw new Error('unable to start a node; the world has no bus');
  const fanout = createFanout({ bus, logger: silentLogger() });
  const server = createFanoutServer(fanout);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    world,
    subscriptionsUrl: `ws://127.0.0.1:${port}/graphql`,
    slowConsumers: async () => fanout.stats().slowConsumers,
    bytes: async () => process.memoryUsage.rss(),
    async close() {
      await fanout.close();
      server.closeAllConnections();
      server.close();
      await world.close();
    },
  };
}

async function openProcess(worlds: Worlds): Promise<MeasuredNode> {
  const world = await worlds.processes();
  const [node] = world.cluster.fanouts;
  if (node === undefined) throw new Error('unable to measure a node; the cluster has no fan-out node');
  return {
    world,
    subscriptionsUrl: `${node.url.replace('http:', 'ws:')}/graphql`,
    slowConsumers: async () =>
      numberIn(await metricsOf(node.url), /^parley_fanout_slow_consumers_total(?:\{[^}]*\})? (\S+)$/m),
    async bytes() {
      const page = await metricsOf(node.url);
      const used = ['old', 'large_object'].map((space) =>
        numberIn(page, new RegExp(`^nodejs_heap_space_size_used_bytes\\{space="${space}"[^}]*\\} (\\S+)$`, 'm')),
      );
      const external = numberIn(page, /^nodejs_external_memory_bytes(?:\{[^}]*\})? (\S+)$/m);
      return used.reduce((sum, bytes) => sum + bytes, external);
    },
    // The next fault takes the world as it is.
    close: async () => undefined,
  };
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

const numberIn = (page: string, line: RegExp): number => Number(line.exec(page)?.[1] ?? Number.NaN);
