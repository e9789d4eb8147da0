/** Counts of a node: what it has done since its start, and holds now. Plain additions, since some happen for every delivery. */
export interface Counters {
  /** Executions of a subscription operation on an event. */
  executions: number;
  /** Results written to subscribers. */
  deliveries: number;
  /** Ephemeral results left out because a socket was behind. */
  droppedEphemeral: number;
  /** Sockets closed because they read too slowly. */
  slowConsumers: number;
  /** Pages of a channel's log asked for because the bus left a hole. */
  repairs: number;
  /** Inboxes read again because the database held something that they were not sent. */
  inboxRepairs: number;
  sockets: number;
  streams: number;
  operations: number;
}

export const createCounters = (): Counters => ({
  executions: 0,
  deliveries: 0,
  droppedEphemeral: 0,
  slowConsumers: 0,
  repairs: 0,
  inboxRepairs: 0,
  sockets: 0,
  streams: 0,
  operations: 0,
});
