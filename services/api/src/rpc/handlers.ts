import type { GraphqlRequest, GraphqlResult } from '@parley/contracts/bus';
import { type RpcHandlers, toGraphqlError } from '@parley/service-kit';
import type { AuthService } from '../modules/auth/service.ts';
import type { ChannelAccessService } from '../modules/channels/access.ts';
import type { InboxService } from '../modules/inbox/service.ts';
import type { PresenceService } from '../modules/presence/service.ts';
import { type Actor, requireUser } from '../platform/actor.ts';
import type { ChannelLog } from '../platform/channel-log.ts';
import type { Sql } from '../platform/sql.ts';
import { channelHandlers } from './channel-handlers.ts';
import type { Handler } from './handler.ts';
import { parsed } from './parsed.ts';

export interface HandlersDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly auth: AuthService;
  readonly access: ChannelAccessService;
  readonly inbox: InboxService;
  readonly presence: PresenceService;
  /** Runs an operation with the limits that hold over HTTP; faults are in the result. */
  readonly execute: (actor: Actor, operation: GraphqlRequest, requestId: string) => Promise<GraphqlResult>;
}

/** Answers to all that fan-out may ask. */
export function createHandlers(dependencies: HandlersDependencies): Required<RpcHandlers> {
  const { auth, inbox, presence, execute } = dependencies;

  const openSession: Handler<'session.open'> = async ({ token, origin }) => (await auth.open(token, origin)).principal;

  const openInbox: Handler<'inbox.open'> = async ({ principal, after, page }) =>
    await inbox.open(requireUser(await auth.actorOf(principal), 'open the inbox'), after, page);

  const readPresence: Handler<'presence.read'> = async ({ principal, userIds }) => {
    const { appId } = await auth.actorOf(principal);
    return { events: await presence.read(appId, userIds) };
  };

  const renewPresence: Handler<'presence.renew'> = async ({ nodeId, ttlMs, users }) => {
    await presence.renew(nodeId, ttlMs, users);
    return {};
  };

  const releasePresence: Handler<'presence.release'> = async ({ nodeId, users }) => {
    await presence.release(nodeId, users);
    return {};
  };

  const executeGraphql: Handler<'graphql.execute'> = async ({ principal, operation, requestId }) => {
    let actor: Actor;
    try {
      actor = await auth.actorOf(principal);
    } catch (fault) {
      const { message, extensions } = toGraphqlError(fault, requestId);
      return { errors: [{ message, extensions }] };
    }
    return await execute(actor, operation, requestId);
  };

  return parsed({
    'session.open': openSession,
    ...channelHandlers(dependencies),
    'inbox.open': openInbox,
    'presence.read': readPresence,
    'presence.renew': renewPresence,
    'presence.release': releasePresence,
    'graphql.execute': executeGraphql,
  });
}
