import { ParleyError } from '@parley/contracts';
import type { GraphqlRequest, GraphqlResult } from '@parley/contracts/bus';
import type { Logger, StallGuard } from '@parley/service-kit';
import { toGraphqlError } from '@parley/service-kit';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { execute } from 'graphql';
import type { Actor } from '../platform/actor.ts';
import { createContext } from './context.ts';
import { type Caller, createOperationReader, RequestFaults } from './prepare-operation.ts';
import type { OperationRateLimit } from './rate-limit.ts';
import type { Services } from './services.ts';
import type { Strangers } from './strangers.ts';

/** What came of an operation. `fault`: it was refused as a whole, before anything ran. */
export interface Outcome {
  readonly data?: ExecutionResult['data'];
  readonly errors?: readonly GraphQLError[];
  readonly fault: ParleyError | null;
}

export interface RunOptions {
  /** False for a request that may be made by following a link. Default true. */
  readonly mutations?: boolean;
}

/** Finds out who asks; called before anything of the request is looked at. */
export type Authenticate = () => Promise<Caller>;

/** Runs operations. Whichever way they come, all limits hold here. */
export interface Executor {
  /** Never rejects: what went wrong is in `errors`, with codes, unexpected faults masked. */
  run(authenticate: Authenticate, request: GraphqlRequest, requestId: string, options?: RunOptions): Promise<Outcome>;
  /** The same as plain data, as it travels over the bus. */
  execute(actor: Actor, request: GraphqlRequest, requestId: string): Promise<GraphqlResult>;
}

export interface ExecutorDependencies {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly rateLimit: OperationRateLimit;
  readonly strangers: Pick<Strangers, 'count'>;
  readonly stall: Pick<StallGuard, 'admit'>;
  readonly logger: Logger;
}

export function createExecutor(dependencies: ExecutorDependencies): Executor {
  const { schema, services, rateLimit, logger } = dependencies;
  const reader = createOperationReader(dependencies);

  function refused(error: unknown, requestId: string): Outcome {
    if (error instanceof RequestFaults) {
      const errors = error.faults.map((fault) => toGraphqlError(fault, requestId, logger));
      return { errors, fault: new ParleyError('invalid_query', error.message) };
    }
    const fault =
      error instanceof ParleyError ? error : new ParleyError('internal', 'unable to answer; an unexpected fault');
    return { errors: [toGraphqlError(error, requestId, logger)], fault };
  }

  async function run(
    authenticate: Authenticate,
    request: GraphqlRequest,
    requestId: string,
    { mutations = true }: RunOptions = {},
  ): Promise<Outcome> {
    try {
      const caller = await authenticate();
      const actor = caller.kind === 'stranger' ? null : caller;
      if (actor !== null) await rateLimit.consume(actor);
      const { document, operationName, variables } = await reader.prepare(caller, request, { mutations });
      const { data, errors } = await execute({
        schema,
        document,
        variableValues: variables,
        operationName: operationName ?? null,
        contextValue: createContext(services, actor),
      });
      // Without data nothing ran: a variable does not fit its type.
      if (data === undefined && errors !== undefined) throw badVariables(errors);
      return {
        data: data ?? null,
        ...(errors === undefined ? {} : { errors: errors.map((error) => toGraphqlError(error, requestId, logger)) }),
        fault: null,
      };
    } catch (error) {
      return refused(error, requestId);
    }
  }

  return {
    run,
    async execute(actor, request, requestId) {
      const { data, errors } = await run(() => Promise.resolve(actor), request, requestId);
      return {
        ...(data === undefined ? {} : { data }),
        ...(errors === undefined ? {} : { errors: errors.map(plain) }),
      };
    },
  };
}

function badVariables(errors: readonly GraphQLError[]): ParleyError {
  const [first] = errors;
  const variable = /^Variable "\$(\w+)" (?:got invalid value .* at "\w+\.([\w.[\]]+)"|)/s.exec(first?.message ?? '');
  const field = (variable?.[2] ?? variable?.[1])?.replaceAll(/\[(\d+)\]/g, '.$1');
  return new ParleyError(
    'invalid_input',
    `unable to read the variables; ${first?.message ?? 'they do not fit the document'}`,
    { field },
  );
}

const plain = ({ message, extensions, path }: GraphQLError) => ({
  message,
  extensions,
  ...(path === undefined ? {} : { path }),
});
