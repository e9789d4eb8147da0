import type { Metrics } from '@parley/service-kit';

/** The counts of a node: what it holds now, and what it has done. */
export interface FanoutStats {
  readonly sockets: number;
  readonly streams: number;
  readonly sessions: number;
  readonly operations: number;
  readonly topics: number;
  /** Documents that a subscription uses. */
  readonly documents: number;
  readonly unusedDocumentBytes: number;
  readonly selections: number;
  readonly feeds: number;
  readonly watchedUsers: number;
  /** Users with a connection. */
  readonly users: number;
  /** Users without one, remembered until their rates have recovered. */
  readonly restingUsers: number;
  readonly retainedBytes: number;
  readonly bufferedBytes: number;
  readonly waitingWork: number;
  readonly strangers: number;
  readonly suspectAddresses: number;
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
  users: ['parley_fanout_users', 'Users with a connection'],
  retainedBytes: ['parley_fanout_retained_bytes', 'Bytes counted as kept for users'],
  bufferedBytes: ['parley_fanout_buffered_bytes', 'Bytes that wait for connections that do not read'],
  waitingWork: ['parley_fanout_waiting_work', 'Operations and replays that wait for their turn'],
  strangers: ['parley_fanout_strangers', 'WebSockets whose token was not accepted yet'],
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
