import { type Cluster, startCluster } from '@parley/cli/cluster';
import { silentLogger } from '@parley/service-kit';
import { startTcpProxy, type TcpProxy } from '@parley/testkit';
import { temporaryFolder } from './temporary-folder.ts';
import { createTenant } from './tenant.ts';
import type { World } from './world.ts';

/** Two API and two fan-out processes behind an edge, with PostgreSQL and NATS of their own. */
export interface ProcessWorld extends World {
  readonly kind: 'processes';
  readonly cluster: Cluster;
  /** What a node reaches PostgreSQL or NATS through, by the node's name; empty unless the world was opened with `proxied`. */
  readonly links: ReadonlyMap<string, NodeLinks>;
  /** Further variables by the node's name, read at each of its starts. */
  readonly environment: Map<string, Readonly<Record<string, string>>>;
}

export interface NodeLinks {
  /** An API node's only. */
  readonly postgres?: TcpProxy;
  readonly nats: TcpProxy;
}

export interface ProcessOptions {
  readonly nats?: 1 | 3;
  /** Put a TCP proxy between each node and what it needs. */
  readonly proxied?: boolean;
}

const nodes = 2;

export async function openProcesses(options: ProcessOptions = {}): Promise<ProcessWorld> {
  const { nats = 1, proxied = false } = options;
  const folder = await temporaryFolder();
  const links = new Map<string, { postgres?: TcpProxy; nats: TcpProxy }>();
  const proxyTo = async (url: string): Promise<{ proxy: TcpProxy; url: string }> => {
    const target = new URL(url);
    const proxy = await startTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.host = `${proxy.host}:${proxy.port}`;
    return { proxy, url: target.href };
  };
  const linkNode = async (name: string, environment: Readonly<Record<string, string>>) => {
    const { DATABASE_URL: databaseUrl, NATS_URL: natsUrl = '' } = environment;
    const known = links.get(name);
    if (known !== undefined) throw new Error(`unable to link ${name} twice`);
    const bus = await proxyTo(natsUrl);
    const database = databaseUrl === undefined ? undefined : await proxyTo(databaseUrl);
    links.set(name, { nats: bus.proxy, ...(database === undefined ? {} : { postgres: database.proxy }) });
    return { NATS_URL: bus.url, ...(database === undefined ? {} : { DATABASE_URL: database.url }) };
  };
  const environment: ProcessWorld['environment'] = new Map();
  const linked = new Map<string, Record<string, string>>();
  const cluster = await startCluster({
    api: nodes,
    fanout: nodes,
    nats,
    dataDir: folder.path,
    logger: silentLogger(),
    async env({ kind, index, environment: given }) {
      const name = `${kind}-${index}`;
      const further = environment.get(name);
      if (!proxied) return { ...further };
      const through = linked.get(name) ?? (await linkNode(name, given));
      linked.set(name, through);
      return { ...through, ...further };
    },
  });
  return {
    kind: 'processes',
    cluster,
    links,
    environment,
    places: [{ url: cluster.graphqlUrl, subscriptionsUrl: cluster.subscriptionsUrl }],
    databaseUrl: cluster.postgresUrl,
    tenant: () => createTenant(cluster.postgresUrl, cluster.graphqlUrl),
    async close() {
      await cluster.close();
      for (const { postgres, nats: bus } of links.values()) await Promise.all([postgres?.close(), bus.close()]);
      await folder.remove();
    },
  };
}
