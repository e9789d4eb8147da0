import { silentLogger } from '@parley/service-kit';
import { type ChannelLog, createChannelLog } from '../src/platform/channel-log.ts';
import { createEventPublisher } from '../src/platform/event-publisher.ts';
import type { Node } from './ground.ts';

/**
 * A log on the node's database that refuses nothing for having waited: how long hundreds of writes take says more of the machine than of the log. The
 * caller closes it.
 */
export function patientLog(node: Node): ChannelLog {
  const publisher = createEventPublisher({ bus: node.bus, sql: node.db, logger: silentLogger(), epoch: node.epoch });
  return createChannelLog({ db: node.db, publisher, stall: { admit() {} }, patienceMs: 600_000 });
}
