import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFanout, createFanoutServer, type FanoutStats } from '@parley/fanout';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { answerParent } from './child.ts';
import { serveStubApi } from './stub-api.ts';

/** What the node under attack is asked. */
export type HostileNodeOrder = 'address' | 'figures';

/** What it holds, after the garbage was collected. */
export interface HostileNodeFigures {
  readonly stats: FanoutStats;
  /** Heap and buffers, bytes. */
  readonly heldBytes: number;
}

// A fan-out node as it is, with a stub of the API behind a bus in memory, that can say how much it holds.
setFlagsFromString('--expose-gc');
// The function that the flag brings.
const collect = runInNewContext('gc') as () => void;
const bus = createMemoryBus();
await serveStubApi(bus, () => 0).ready;
const fanout = createFanout({ bus, logger: silentLogger() });
const server = createFanoutServer(fanout).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

answerParent((order: HostileNodeOrder) => {
  if (order === 'address') return `ws://127.0.0.1:${port}/graphql`;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { stats: fanout.stats(), heldBytes: heapUsed + external } satisfies HostileNodeFigures;
});
