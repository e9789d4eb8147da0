import { startCluster } from '@parley/cli/cluster';
import { temporaryFolder } from '@parley/e2e/platform';
import { silentLogger } from '@parley/service-kit';
import { createTarget, type Target } from './target.ts';

/** A platform that exists to be attacked. */
export interface OwnPlatform {
  readonly target: Target;
  close(): Promise<void>;
}

/** Two nodes of each service in processes of their own behind the edge, as production runs them. */
export async function startOwnPlatform(): Promise<OwnPlatform> {
  const folder = await temporaryFolder();
  const cluster = await startCluster({
    api: 2,
    fanout: 2,
    nats: 1,
    dataDir: `${folder.path}/data`,
    logger: silentLogger(),
    restart: true,
  });
  const target = createTarget({
    graphqlUrl: cluster.graphqlUrl,
    socketUrl: cluster.subscriptionsUrl,
    keyId: cluster.app.apiKey,
    secret: cluster.app.apiSecret,
    nodes: {
      api: cluster.apis.map(({ url }) => url),
      fanout: cluster.fanouts.map(({ url }) => url),
      nats: cluster.natsUrls,
    },
    pids: () => [...cluster.apis, ...cluster.fanouts].map(({ pid }) => pid),
  });
  return {
    target,
    async close() {
      await cluster.close();
      await folder.remove();
    },
  };
}
