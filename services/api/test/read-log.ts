import type { Rpc } from '@parley/contracts/bus';
import { messageHandlers } from '../src/modules/messages/rpc.ts';
import type { Node } from './ground.ts';

/** A page of a channel's log, as fan-out is answered. @throws not_found */
export async function readLog(
  node: Node,
  appId: string,
  channelId: string,
  after: number,
  limit: number,
): Promise<Rpc['channel.events']['reply']> {
  const { 'channel.events': read } = messageHandlers({ sql: node.db });
  const [page] = await read([{ appId, channelId, after, limit }]);
  if (page instanceof Error) throw page;
  if (page === undefined || page === null) throw new TypeError('the only page that was asked for was left out');
  return page;
}
