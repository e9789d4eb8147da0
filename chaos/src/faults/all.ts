import type { Fault } from '../fault.ts';
import { killedApi } from './f01-killed-api.ts';
import { frozenNode } from './f02-frozen-node.ts';
import { natsAway, natsRestarted, natsServerLost } from './f03-nats-away.ts';
import { lossyBusFaults } from './f04-lossy-bus.ts';
import { backendsKilled, poolExhausted, postgresCrashed, postgresRestarted, rowLocked } from './f05-postgres.ts';
import { cutFromNats, cutFromPostgres, halfCutFromNats } from './f06-partitions.ts';
import { badNetwork } from './f07-bad-network.ts';
import { away } from './f08-away.ts';
import { rollingRestart } from './f09-rolling-restart.ts';
import { wrongClockFaults } from './f10-wrong-clocks.ts';
import { sleepyWriters } from './f11-sleepy-writers.ts';
import { dyingSweep } from './f12-dying-sweep.ts';
import { slowReaders } from './f13-slow-readers.ts';
import { revocation } from './f14-revocation.ts';
import { deafNode, unheardNode } from './f15-silent-path.ts';
import { restoredDatabase } from './f16-restored-database.ts';
import { consumerBacklog, killedConsumer } from './f17-consumers.ts';
import { nothing } from './nothing.ts';

/** The fault table; neighbours that need the same kind of world share one. */
export const faults: readonly Fault[] = [
  nothing,
  killedApi,
  frozenNode,
  natsRestarted,
  natsAway,
  postgresRestarted,
  postgresCrashed,
  backendsKilled,
  poolExhausted,
  rowLocked,
  badNetwork,
  rollingRestart,
  cutFromPostgres,
  cutFromNats,
  halfCutFromNats,
  natsServerLost,
  ...lossyBusFaults,
  away,
  ...wrongClockFaults,
  sleepyWriters,
  dyingSweep,
  slowReaders,
  revocation,
  deafNode,
  unheardNode,
  restoredDatabase,
  killedConsumer,
  consumerBacklog,
];
