import type { GraphqlRequest, GraphqlResult } from '@parley/contracts/bus';
import { type RpcHandlers, toError, toGraphqlError } from '@parley/service-kit';
import type { AccessChangesService } from '../modules/access/service.ts';
import type { AuthService } from '../modules/auth/service.ts';
import type { ChannelAccessService } from '../modules/channels/access.ts';
import type { InboxService } from '../modules/inbox/service.ts';
import type { PresenceService } from '../modules/presence/service.ts';
import { type Actor, requireUser, type UserActor } from '../platform/actor.ts';
import type { ChannelLog } from '../platform/channel-log.ts';
import type { Sql } from '../platform/sql.ts';
import { channelHandlers } from './channel-handlers.ts';
import { type CountedQuestionsDependencies, createCountedQuestions } from './counted-questions.ts';
import type { Handler } from './handler.ts';
import { healthHandler } from './health-handler.ts';
import { parsed } from './parsed.ts';
import { readVisiblePresence } from './visible-presence.ts';

export interface HandlersDependencies extends CountedQuestionsDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly auth: AuthService;
  readonly accessChanges: Pick<AccessChangesService, 'recent'>;
  readonly access: ChannelAccessService;
  readonly inbox: InboxService;
  readonly presence: PresenceService;
  /** Runs an operation with the limits that hold over HTTP; faults are in the result. */
  readonly execute: (actor: Actor, operation: GraphqlRequest, requestId: string) => Promise<GraphqlResult>;
}

function userOr(actor: Actor | Error | undefined, act: string): UserActor | Error {
  if (actor === undefined || actor instanceof Error) return actor ?? new TypeError('an actor is missing');
  try {
    return requireUser(actor, act);
  } catch (fault) {
    return toError(fault);
  }
}

/** Answers to all that fan-out may ask. */
export function createHandlers(dependencies: HandlersDependencies): Required<RpcHandlers> {
  const { sql, auth, inbox, presence, execute } = dependencies;
  const asked = createCountedQuestions(dependencies);

  const openSession: Handler<'session.open'> = async (questions) => {
    const sessions = await auth.openMany(questions);
    return await Promise.all(
      sessions.map(async (session) =>
        session instanceof Error ? session : await auth.sign(session.principal).catch(toError),
      ),
    );
  };

  const checkSession: Handler<'session.check'> = async (questions) =>
    (await auth.check(questions)).map((verdict) => (verdict === 'again' ? { again: true } : (verdict ?? {})));

  const openInbox: Handler<'inbox.open'> = async (questions) => {
    const actors = await asked.actorsOf(questions);
    const from = questions.map(({ after, page }, index) => ({
      actor: userOr(actors[index], 'open the inbox'),
      after,
      page,
    }));
    return await asked.answer('inboxes', actors, {
      work: () => inbox.openMany(from),
      weightOf: (page) => (page instanceof Error ? 0 : page.events.length),
    });
  };

  const recentInboxes: Handler<'inbox.recent'> = (question) => inbox.recent(question);

  const readPresence: Handler<'presence.read'> = async (questions) => {
    const actors = await asked.actorsOf(questions);
    const lists = questions.flatMap(({ userIds }, index) => {
      const actor = actors[index];
      return actor === undefined || actor instanceof Error ? [] : [{ actor, userIds }];
    });
    return await asked.answer('presence', actors, {
      async work() {
        const states = (await readVisiblePresence({ sql, presence }, lists)).values();
        return actors.map((actor) => (actor instanceof Error ? actor : (states.next().value ?? { events: [] })));
      },
      weightOf: (state) => (state instanceof Error ? 0 : state.events.length),
    });
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
    'session.check': checkSession,
    ...channelHandlers(dependencies),
    'inbox.open': openInbox,
    'inbox.recent': recentInboxes,
    'access.recent': (question) => dependencies.accessChanges.recent(question),
    'presence.read': readPresence,
    'presence.renew': renewPresence,
    'presence.release': releasePresence,
    'health.ping': healthHandler(dependencies.sql),
    'graphql.execute': executeGraphql,
  });
}
