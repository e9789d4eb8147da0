import { createInMemoryAPQStore } from '@graphql-yoga/plugin-apq';
import { ParleyError } from '@parley/contracts';
import type { GraphqlRequest, GraphqlResult } from '@parley/contracts/bus';
import type { Logger, StallGuard } from '@parley/service-kit';
import { documentFault, toGraphqlError } from '@parley/service-kit';
import type { ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { execute, getOperationAST, Kind } from 'graphql';
import type { Actor } from '../platform/actor.ts';
import { createContext, withoutToken } from './context.ts';
import { createDocumentCache } from './document-cache.ts';
import { documentText } from './persisted-operations.ts';
import type { OperationRateLimit } from './rate-limit.ts';
import type { Services } from './services.ts';
import { refuseOverHttp } from './subscriptions.ts';

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

/** Finds out who asks, null for nobody; called only when the document could be run. */
export type Authenticate = () => Promise<Actor | null>;

/** Runs operations. Whichever way they come, all limits hold here. */
export interface Executor {
  /** Never rejects: what went wrong is in `errors`, with codes, unexpected faults masked. */
  run(authenticate: Authenticate, request: GraphqlRequest, requestId: string, options?: RunOptions): Promise<Outcome>;
  /** The same as plain data, as it travels over the bus. */
  execute(actor: Actor | null, request: GraphqlRequest, requestId: string): Promise<GraphqlResult>;
}

export interface ExecutorDependencies {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly rateLimit: OperationRateLimit;
  readonly stall: Pick<StallGuard, 'admit'>;
  readonly logger: Logger;
}

/** Root fields that tell nothing of any tenant. */
const publicFields = new Set(['__typename', '__schema', '__type']);

const isPublic = ({ selectionSet }: OperationDefinitionNode): boolean =>
  selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && publicFields.has(selection.name.value));

/** A link must not change anything: this is the one refusal whose status depends on the method. */
export class MutationByGet extends ParleyError {
  constructor() {
    super('invalid_query', 'unable to run a mutation by GET; send it by POST');
  }
}

class RequestFaults extends Error {
  readonly faults: readonly GraphQLError[];
  constructor(faults: readonly GraphQLError[]) {
    super('the document does not fit the schema');
    this.faults = faults;
  }
}

export function createExecutor({ schema, services, rateLimit, stall, logger }: ExecutorDependencies): Executor {
  const documents = createDocumentCache(schema);
  const persisted = createInMemoryAPQStore();

  /** Everything that can be refused without asking the database, or anybody. */
  async function prepare(request: GraphqlRequest, { mutations = true }: RunOptions) {
    const known = documents.read(await documentText(request, persisted));
    const { operationName, variables = {} } = request;
    const fault = documentFault(known.document, { schema, variables, operationName });
    if (fault !== null) throw fault;
    const faults = known.faults();
    if (faults.length > 0) throw new RequestFaults(faults);
    const operation = getOperationAST(known.document, operationName);
    if (operation?.operation === 'subscription') refuseOverHttp();
    if (operation?.operation === 'mutation') {
      if (!mutations) throw new MutationByGet();
      stall.admit();
    }
    return { document: known.document, operation, operationName, variables };
  }

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
    options: RunOptions = {},
  ): Promise<Outcome> {
    try {
      const { document, operation, operationName, variables } = await prepare(request, options);
      const actor = await authenticate();
      if (actor !== null) await rateLimit.consume(actor);
      else if (operation && !isPublic(operation)) throw withoutToken();
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
