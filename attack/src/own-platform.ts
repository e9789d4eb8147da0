import type { ClusterLine } from '@parley/cli/cluster';
import { runParley } from '@parley/e2e/parley-process';
import { temporaryFolder } from '@parley/e2e/platform';
import { createTarget, type Target } from './target.ts';

/** A platform that exists to be attacked. */
export interface OwnPlatform {
  readonly target: Target;
  close(): Promise<void>;
}

/** `parley cluster` in processes of its own: two nodes of each service behind the edge, as production runs them. */
export async function startOwnPlatform(): Promise<OwnPlatform> {
  const folder = await temporaryFolder();
  const cluster = runParley<ClusterLine>([
    'cluster',
    '--json',
    '--no-demo',
    '--port',
    '0',
    '--data-dir',
    `${folder.path}/data`,
  ]);
  const { graphqlUrl, subscriptionsUrl, apiKey, apiSecret, apiUrls, fanoutUrls, natsUrls, pids } =
    await cluster.ready();
  const target = createTarget({
    graphqlUrl,
    socketUrl: subscriptionsUrl,
    keyId: apiKey,
    secret: apiSecret,
    nodes: { api: apiUrls, fanout: fanoutUrls, nats: natsUrls },
    pids: [...pids.api, ...pids.fanout],
  });
  return {
    target,
    async close() {
      cluster.signal('SIGTERM');
      await cluster.exited;
      await folder.remove();
    },
  };
}
