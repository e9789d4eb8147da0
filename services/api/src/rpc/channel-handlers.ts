import { invalidInput, ParleyError, parseChannelId } from '@parley/contracts';
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
  readonly log: ChannelLog;
  readonly auth: AuthService;
  readonly access: ChannelAccessService;
}

const headsAtOnce = 500;
const pageOfEvents = 100;

/** What fan-out asks about channels. */
export function channelHandlers({ sql, log, auth, access }: ChannelHandlersDependencies) {
  const authorize = async (principal: Principal, channelId: string): Promise<ChannelAccess> => {
    parseChannelId(channelId);
    return await access.check(await auth.actorOf(principal), channelId, 'read-channel');
  };

  const join: Handler<'channel.join'> = async ({ principal, channelId, after }) => {
    if (after !== null) checkSeq(after);
    const { type } = await authorize(principal, channelId);
    // Nothing comes after the largest number, so without `after` this reads the head alone.
    const { head, floor, events } = await log.read(
      principal.appId,
      channelId,
      after ?? Number.MAX_SAFE_INTEGER,
      pageOfEvents,
    );
    const reads = featuresOf[type].readReceipts ? await channelReads(sql, principal.appId, channelId) : [];
    // A client that is ahead of the log has known another one, such as that of a database since restored.
    const reset = after !== null && (after < floor || after > head);
    return { head, reset, events: reset ? [] : events, reads };
  };

  const events: Handler<'channel.events'> = async ({ appId, channelId, after, limit }) => {
    checkSeq(after);
    return await log.read(appId, channelId, after, limit);
  };

  const heads: Handler<'channel.heads'> = async ({ channels }) => {
    if (channels.length > headsAtOnce)
      throw invalidInput('channels', `one call takes up to ${headsAtOnce}`, headsAtOnce);
    return { heads: await log.heads(channels) };
  };

  const authorizeAgain: Handler<'channel.authorize'> = async ({ principal, channelId }) => {
    await authorize(principal, channelId);
    return {};
  };

  return {
    'channel.join': join,
    'channel.events': events,
    'channel.heads': heads,
    'channel.authorize': authorizeAgain,
  } satisfies Partial<{ [Method in keyof Rpc]: Handler<Method> }>;
}

function checkSeq(after: number): void {
  if (Number.isSafeInteger(after) && after >= 0) return;
  throw new ParleyError('invalid_input', 'unable to read the log; after is a whole number, 0 or more', {
    field: 'after',
  });
}
