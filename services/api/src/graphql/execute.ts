import { limits, ParleyError } from '@parley/contracts';
import type { GraphqlRequest, GraphqlResult } from '@parley/contracts/bus';
import type { Logger, StallGuard } from '@parley/service-kit';
import { busPayloadBytes, toGraphqlError } from '@parley/service-kit';
import type { ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { execute } from 'graphql';
import type { Actor } from '../platform/actor.ts';
import type { RowMeter } from '../platform/row-meter.ts';
import { createAnswerBudget, tooLarge } from './answer-budget.ts';
import { createContext } from './context.ts';
import { createLoopTurns } from './loop-turns.ts';
import { meteredSchema } from './metered-schema.ts';
import type { OperationQueue } from './operation-queue.ts';
import { type Caller, createOperationReader, type PreparedOperation, RequestErrors } from './prepare-operation.ts';
import type { OperationRateLimit } from './rate-limit.ts';
import { serializeInSlices } from './serialize-answer.ts';
import type { Services } from './services.ts';
import type { Strangers } from './strangers.ts';

/** What came of an operation. `fault`: it was refused as a whole, before anything ran. */
export interface Outcome {
  /** The same as JSON, when it is large: made in slices, since to make it in one go would hold up everybody. */
  readonly json?: string;
  readonly data?: ExecutionResult['data'];
  readonly errors?: readonly GraphQLError[];
  readonly fault: ParleyError | null;
}

export interface RunOptions {
  /** False for a request that may be made by following a link. Default true. */
  readonly mutations?: boolean;
  /** Resolves when the answer was sent, or cannot be; asked for large ones, which hold their caller's place until then. */
  readonly sent?: () => Promise<void>;
  /** Most bytes of the answer. Default: `limits.answerBytes`. */
  readonly answerBytes?: number;
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
  readonly queue: Pick<OperationQueue, 'enter'>;
  readonly strangers: Pick<Strangers, 'count'>;
  readonly rows: RowMeter;
  readonly stall: Pick<StallGuard, 'admit'>;
  readonly logger: Logger;
}

/** Errors in an answer; after as many the rest rarely says more. */
const shownErrors = 100;
/** A smaller answer is made JSON in one go. */
const smallAnswer = 64 * 1024;
/** Over the bus: what a message holds, less what surrounds the answer. */
const busAnswerBytes = busPayloadBytes - 16 * 1024;

export function createExecutor(dependencies: ExecutorDependencies): Executor {
  const { services, rateLimit, queue, rows, logger } = dependencies;
  const schema = meteredSchema(dependencies.schema);
  const reader = createOperationReader(dependencies);
  const turns = createLoopTurns();

  function refused(error: unknown, requestId: string): Outcome {
    if (error instanceof RequestErrors) {
      const errors = error.errors.map((each) => toGraphqlError(each, requestId, logger));
      return { errors, fault: new ParleyError('invalid_query', error.message) };
    }
    const fault =
      error instanceof ParleyError ? error : new ParleyError('internal', 'unable to answer; an unexpected fault');
    return { errors: [toGraphqlError(error, requestId, logger)], fault };
  }

  /** An answer that became too large is refused as a whole; what a mutation wrote before stays written. */
  function broken(
    broke: ParleyError,
    { errors = [] }: ExecutionResult,
    { operation }: OperationDefinitionNode,
    requestId: string,
  ): Outcome {
    const { path } = errors.find(({ originalError }) => originalError === broke) ?? {};
    const fault = tooLarge(broke.details.limit ?? limits.answerBytes, path?.join('.'));
    if (operation !== 'mutation') return refused(fault, requestId);
    return { data: null, errors: [toGraphqlError(fault, requestId, logger)], fault: null };
  }

  async function outcomeOf(
    { data = null, errors: all }: ExecutionResult,
    bytes: number,
    limit: number,
    operation: OperationDefinitionNode,
    requestId: string,
  ): Promise<Outcome> {
    const errors = all?.slice(0, shownErrors).map((error) => toGraphqlError(error, requestId, logger));
    const outcome = { data, ...(errors === undefined ? {} : { errors }), fault: null };
    if (bytes < smallAnswer || limit <= busAnswerBytes) return outcome;
    const json = await serializeInSlices({ data, errors }, limit, turns);
    return json === null ? broken(tooLarge(limit), {}, operation, requestId) : { ...outcome, json };
  }

  async function answered(prepared: PreparedOperation, actor: Actor | null, limit: number, requestId: string) {
    const { document, operation, operationName, variables } = prepared;
    const answer = createAnswerBudget({ limit, turns, meter: rows });
    const result = await execute({
      schema,
      document,
      variableValues: variables,
      operationName: operationName ?? null,
      contextValue: createContext(services, actor, answer),
    });
    if (answer.fault !== null) return { answer, outcome: broken(answer.fault, result, operation, requestId) };
    // Without data nothing ran: a variable does not fit its type.
    if (result.data === undefined && result.errors !== undefined) throw badVariables(result.errors);
    return { answer, outcome: await outcomeOf(result, answer.bytes, limit, operation, requestId) };
  }

  async function run(
    authenticate: Authenticate,
    request: GraphqlRequest,
    requestId: string,
    { mutations = true, answerBytes = limits.answerBytes, sent }: RunOptions = {},
  ): Promise<Outcome> {
    try {
      const caller = await authenticate();
      const actor = caller.kind === 'stranger' ? null : caller;
      if (actor !== null) await rateLimit.consume(actor);
      const prepared = await reader.prepare(caller, request, { mutations });
      if (actor === null) return (await answered(prepared, null, answerBytes, requestId)).outcome;
      const leave = await queue.enter(actor, prepared.operation.operation === 'mutation' ? 'write' : 'read');
      let left: Promise<void> | undefined;
      try {
        const { outcome, answer } = await answered(prepared, actor, answerBytes, requestId);
        rateLimit.charge(actor, { databaseMs: answer.rows.ms, bytes: answer.rows.bytes + answer.bytes });
        // Who does not read its answers must not have the node keep any number of them.
        if (outcome.json !== undefined) left = sent?.();
        return outcome;
      } finally {
        if (left === undefined) leave();
        else void left.then(leave, leave);
      }
    } catch (error) {
      return refused(error, requestId);
    }
  }

  return {
    run,
    async execute(actor, request, requestId) {
      const { data, errors } = await run(() => Promise.resolve(actor), request, requestId, {
        answerBytes: busAnswerBytes,
      });
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
    { field, cause: first },
  );
}

const plain = ({ message, extensions, locations, path }: GraphQLError) => ({
  message,
  extensions,
  ...(locations === undefined ? {} : { locations }),
  ...(path === undefined ? {} : { path }),
});
