import type { Metrics } from '@parley/service-kit';

/** What a node holds and has done. */
export interface FanoutStats {
  readonly sockets: number;
  readonly streams: number;
  readonly sessions: number;
  readonly operations: number;
  readonly topics: number;
  readonly documents: number;
  readonly executions: number;
  readonly deliveries: number;
  readonly droppedEphemeral: number;
  readonly slowConsumers: number;
  readonly repairs: number;
  readonly inboxRepairs: number;
}

const described = {
  sockets: ['parley_fanout_sockets', 'Open WebSockets'],
  streams: ['parley_fanout_streams', 'Open event streams'],
  operations: ['parley_fanout_operations', 'Operations that run on WebSockets'],
  topics: ['parley_fanout_topics', 'Channels that somebody watches'],
  executions: ['parley_fanout_executions_total', 'Executions of a subscription operation on an event'],
  deliveries: ['parley_fanout_deliveries_total', 'Results handed to connections'],
  droppedEphemeral: [
    'parley_fanout_dropped_ephemeral_total',
    'Ephemeral results left out because a connection was behind',
  ],
  slowConsumers: ['parley_fanout_slow_consumers_total', 'Connections closed because they read too slowly'],
  repairs: ['parley_fanout_repairs_total', 'Pages of a log asked for because the bus left a hole'],
  inboxRepairs: ['parley_fanout_inbox_repairs_total', 'Inboxes asked for again because the bus had lost something'],
} as const satisfies { readonly [Name in keyof FanoutStats]?: readonly [string, string] };

/** Shows what a node counts; read only when somebody asks, so that counting stays an addition. */
export function exposeStats(metrics: Metrics, stats: () => FanoutStats): void {
  for (const [key, [name, help]] of Object.entries(described)) {
    // The keys of `described` are names of numbers in the stats.
    const of = key as keyof typeof described;
    metrics.gauge({ name, help, collect: (gauge) => gauge.set(stats()[of]) });
  }
}
