import type { GraphqlRequest, GraphqlResult } from '@parley/contracts/bus';
import { type RpcHandlers, toGraphqlError } from '@parley/service-kit';
import type { Foundation } from '../foundation.ts';
import type { Services } from '../graphql/services.ts';
import { modules } from '../modules/index.ts';
import type { Actor } from '../platform/actor.ts';
import { type CountedQuestionsDependencies, createCountedQuestions } from './counted-questions.ts';
import type { Handler } from './handler.ts';
import { healthHandler } from './health-handler.ts';
import { parsed } from './parsed.ts';

export interface HandlersDependencies extends Pick<CountedQuestionsDependencies, 'rateLimit' | 'queue'> {
  readonly foundation: Foundation;
  readonly services: Services;
  /** Runs an operation with the limits that hold over HTTP; faults are in the result. */
  readonly execute: (actor: Actor, operation: GraphqlRequest, requestId: string) => Promise<GraphqlResult>;
}

/** Answers to all that fan-out may ask: those of the modules, and those of the node itself. */
export function createHandlers(dependencies: HandlersDependencies): Required<RpcHandlers> {
  const { foundation, services, rateLimit, queue, execute } = dependencies;
  const { auth } = services;
  const questions = createCountedQuestions({ auth, rateLimit, queue, rows: foundation.rows });

  const executeGraphql: Handler<'graphql.execute'> = async ({ principal, operation, requestId }) => {
    let actor: Actor;
    try {
      actor = await auth.actorOf(principal);
    } catch (error) {
      const { message, extensions } = toGraphqlError(error, requestId);
      return { errors: [{ message, extensions }] };
    }
    return await execute(actor, operation, requestId);
  };

  return parsed({
    ...modules.rpc({ foundation, services, questions }),
    'health.ping': healthHandler(foundation.db),
    'graphql.execute': executeGraphql,
  });
}
