import type { Logger } from '@parley/service-kit';
import type { ClusterCommandOptions } from '../commands/cluster-options.ts';
import type { Addresses } from '../dev/addresses.ts';
import type { DemoApp } from '../dev/demo-app.ts';
import { bringPeople } from '../dev/demo-people.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

/** What `parley cluster --json` prints. */
export interface ClusterLine extends Addresses, DemoApp {
  /** User id → token that holds for a day. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly apiUrls: readonly string[];
  readonly fanoutUrls: readonly string[];
  readonly natsUrls: readonly string[];
  readonly postgresUrl: string;
  readonly pids: {
    readonly supervisor: number;
    readonly postgres: number;
    readonly nats: readonly number[];
    readonly api: readonly number[];
    readonly fanout: readonly number[];
  };
}

/** A running cluster with people in it. */
export interface ClusterPlatform {
  readonly line: ClusterLine;
  close(): Promise<void>;
}

/** A cluster that keeps itself running, with the people of the demo. @throws as {@link startCluster} */
export async function startClusterPlatform(options: ClusterCommandOptions, logger: Logger): Promise<ClusterPlatform> {
  const { port: edgePort, api, fanout, nats, dataDir, reset, demo } = options;
  const cluster = await startCluster({ api, fanout, nats, dataDir, reset, edgePort, logger, restart: true });
  try {
    const { tokens, leave } = await bringPeople({ addresses: cluster, app: cluster.app, demo, logger });
    return {
      line: lineOf(cluster, tokens),
      async close() {
        leave();
        await cluster.close();
      },
    };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

function lineOf(cluster: Cluster, tokens: ClusterLine['tokens']): ClusterLine {
  const { url, graphqlUrl, subscriptionsUrl, demoUrl, app, apis, fanouts, natsServers, natsUrls, postgres } = cluster;
  return {
    ...{ url, graphqlUrl, subscriptionsUrl, demoUrl },
    ...app,
    tokens,
    apiUrls: apis.map((node) => node.url),
    fanoutUrls: fanouts.map((node) => node.url),
    natsUrls,
    postgresUrl: cluster.postgresUrl,
    pids: {
      supervisor: process.pid,
      postgres: postgres.pid,
      nats: natsServers.map(({ pid }) => pid),
      api: apis.map(({ pid }) => pid),
      fanout: fanouts.map(({ pid }) => pid),
    },
  };
}
