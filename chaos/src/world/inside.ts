import { startWorld } from '@parley/e2e/world';
import type { Bus, Clock } from '@parley/service-kit';
import { createTenant } from './tenant.ts';
import type { World } from './world.ts';

/** Two API and two fan-out nodes in this process, over one bus in memory: what breaks is the bus. */
export interface InsideWorld extends World {
  readonly kind: 'inside';
}

export interface InsideOptions {
  /** Dropped when the world closes. */
  readonly database: { readonly url: string; drop(): Promise<void> };
  /** What stands between a node, named `api-0` or `fanout-1`, and the bus. */
  readonly wrapBus?: (node: string, bus: Bus) => Bus;
  /** The time that a node goes by; absent: that of this machine. */
  readonly clockOf?: (node: string) => Clock;
}

const nodes = 2;

export async function openInside({ database, wrapBus, clockOf }: InsideOptions): Promise<InsideWorld> {
  const world = await startWorld({
    apiNodes: nodes,
    fanoutNodes: nodes,
    database,
    ...(wrapBus === undefined ? {} : { wrapBus }),
    ...(clockOf === undefined ? {} : { clockOf }),
  });
  const places = world.apiUrls.map((url, index) => ({
    url,
    subscriptionsUrl: (world.fanoutUrls[index] ?? '').replace('http:', 'ws:'),
  }));
  return {
    kind: 'inside',
    places,
    databaseUrl: database.url,
    tenant: () => createTenant(database.url, places[0]?.url ?? ''),
    close: world.close,
  };
}
