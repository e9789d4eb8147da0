import type { Metrics } from '@parley/service-kit';
import type { Path } from './path-table.ts';

/** Shows what the canary hears; `peer` is the node that probes, this one included. */
export function exposePaths(metrics: Metrics, paths: () => readonly Path[]): void {
  metrics.gauge({
    name: 'parley_canary_last_probe_age_seconds',
    help: 'Since a probe of this node last came through the fan-out path',
    labels: ['peer'],
    collect: (gauge) => {
      gauge.reset();
      for (const { nodeId, silentSeconds } of paths()) gauge.set({ peer: nodeId }, silentSeconds);
    },
  });
  metrics.gauge({
    name: 'parley_canary_alarm',
    help: 'Living nodes, this one included, that are not heard through the fan-out path',
    collect: (gauge) => gauge.set(paths().filter(({ broken }) => broken).length),
  });
  metrics.gauge({
    name: 'parley_canary_peers',
    help: 'Other fan-out nodes that live; less than there are: they are cut off',
    collect: (gauge) => gauge.set(paths().length - 1),
  });
}
