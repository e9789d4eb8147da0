import {
  isChannelType,
  type LoggedEvent,
  limits,
  ParleyError,
  parseChannelId,
  splitChannelId,
} from '@parley/contracts';
import type { Principal, Rpc } from '@parley/contracts/bus';
import type { AuthService } from '../modules/auth/service.ts';
import type { ChannelAccess, ChannelAccessService } from '../modules/channels/access.ts';
import { featuresOf } from '../modules/channels/grants.ts';
import type { ChannelLog } from '../platform/channel-log.ts';
import type { Sql } from '../platform/sql.ts';
import { channelReads } from './channel-reads.ts';
import type { Handler } from './handler.ts';

interface ChannelHandlersDependencies {
  readonly sql: Sql;
  readonly log: Pick<ChannelLog, 'read' | 'heads'>;
  readonly auth: Pick<AuthService, 'actorOf'>;
  readonly access: Pick<ChannelAccessService, 'check'>;
}

const pageOfEvents = 100;
/** One read pointer takes up to 600 bytes, and the bus carries 1 MiB. */
const mostReads = 500;

/** What fan-out asks about channels. */
export function channelHandlers({ sql, log, auth, access }: ChannelHandlersDependencies) {
  const authorize = async (principal: Principal, channelId: string): Promise<ChannelAccess> => {
    parseChannelId(channelId);
    return await access.check(await auth.actorOf(principal), channelId, 'read-channel');
  };

  const join: Handler<'channel.join'> = async ({ principal, channelId, after }) => {
    // Nothing comes after the largest number, so without `after` this reads the head alone.
    const page = log.read(principal.appId, channelId, after ?? Number.MAX_SAFE_INTEGER, pageOfEvents);
    // Read first, allowed later: then a removal that the permission did not see comes after this head, and ends the subscription. Who may not
    // read the channel is not told whether there is one.
    await page.catch(() => undefined);
    const { type } = await authorize(principal, channelId);
    const { head, floor, events } = await page;
    const reads = featuresOf[type].readReceipts
      ? await channelReads(sql, principal.appId, channelId, readsBeside(events))
      : [];
    // A client that is ahead of the log has known another one, such as that of a database since restored.
    const reset = after !== null && (after < floor || after > head);
    return { head, reset, events: reset ? [] : events, reads };
  };

  const events: Handler<'channel.events'> = ({ appId, channelId, after, limit }) =>
    log.read(appId, channelId, after, limit);

  const heads: Handler<'channel.heads'> = async ({ channels }) => ({ heads: await log.heads(channels) });

  const reads: Handler<'channel.reads'> = async ({ appId, channelId }) => {
    const { type } = splitChannelId(parseChannelId(channelId));
    const [head] = await log.heads([{ appId, channelId }]);
    if (head === undefined || head === null)
      throw new ParleyError('not_found', `unable to read who has read ${channelId}; there is no such channel`);
    const hasReceipts = isChannelType(type) && featuresOf[type].readReceipts;
    return { head, reads: hasReceipts ? await channelReads(sql, appId, channelId, mostReads) : [] };
  };

  const authorizeAgain: Handler<'channel.authorize'> = async ({ principal, channelId }) => {
    await authorize(principal, channelId);
    return {};
  };

  return {
    'channel.join': join,
    'channel.events': events,
    'channel.heads': heads,
    'channel.reads': reads,
    'channel.authorize': authorizeAgain,
  } satisfies Partial<{ [Method in keyof Rpc]: Handler<Method> }>;
}

/** Read pointers that an answer with events has room for. A page of events is larger than usual only when it is one event. */
function readsBeside(events: readonly LoggedEvent[]): number {
  const large = events.length === 1 && Buffer.byteLength(JSON.stringify(events)) > limits.eventsPageBytes;
  return large ? 100 : mostReads;
}
