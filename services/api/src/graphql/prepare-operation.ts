import { limits, ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';
import { documentFault, parseDocument, type StallGuard, validateDocument } from '@parley/service-kit';
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { BREAK, getOperationAST, Kind, visit } from 'graphql';
import type { Actor } from '../platform/actor.ts';
import { withoutToken } from './context.ts';
import { createDocumentCache, knownDocument } from './document-cache.ts';
import { createPersistedOperations } from './persisted-operations.ts';
import type { Stranger, Strangers } from './strangers.ts';
import { refuseOverHttp } from './subscriptions.ts';

/** Who asks, known before anything of the request is looked at. */
export type Caller = Actor | Stranger;

/** An operation that may be run. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Finds out what a request asks for. */
export interface OperationReader {
  /** Everything that can be refused without asking the database. @throws RequestFaults, and what breaks a limit */
  prepare(
    caller: Caller,
    request: GraphqlRequest,
    options: { readonly mutations: boolean },
  ): Promise<PreparedOperation>;
}

export interface OperationReaderDependencies {
  readonly schema: GraphQLSchema;
  readonly strangers: Pick<Strangers, 'count'>;
  readonly stall: Pick<StallGuard, 'admit'>;
}

/** Root fields that reveal nothing of any tenant. */
const publicFields = new Set(['__typename', '__schema', '__type']);
/** What asking for the schema counts, beyond the one that each request counts. */
const introspectionRequests = 9;

/** A link must not change anything: this is the one refusal whose status depends on the method. */
export class MutationByGet extends ParleyError {
  constructor() {
    super('invalid_query', 'unable to run a mutation by GET; send it by POST');
  }
}

/** The document does not fit the schema, in these ways. */
export class RequestErrors extends Error {
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[]) {
    super('the document does not fit the schema');
    this.errors = errors;
  }
}

export function createOperationReader({ schema, strangers, stall }: OperationReaderDependencies): OperationReader {
  const documents = createDocumentCache();
  const persisted = createPersistedOperations();

  /** Checked with the variables of each request, since these say how large its pages are. */
  function operationIn(document: DocumentNode, { operationName, variables }: GraphqlRequest): OperationDefinitionNode {
    const fault = documentFault(document, { schema, variables: variables ?? {}, operationName });
    if (fault !== null) throw fault;
    const operation = getOperationAST(document, operationName);
    if (operation) return operation;
    throw new ParleyError('invalid_query', 'unable to run the document; it has no operation');
  }

  function validated(document: DocumentNode): void {
    const errors = validateDocument(schema, document);
    if (errors.length > 0) throw new RequestErrors(errors);
  }

  /** Nothing of it is kept, and what costs something is counted before it is done. */
  async function ofStranger({ address }: Stranger, request: GraphqlRequest) {
    await strangers.count(address, 1);
    const { query = '' } = request;
    if (query === '') throw withoutToken();
    if (query.length > limits.strangerRequestBytes) throw tooLargeWithoutToken();
    const document = parseDocument(query);
    const operation = operationIn(document, request);
    if (!isPublic(operation)) throw withoutToken();
    if (hasAliases(document)) throw aliasesWithoutToken();
    if (introspects(operation)) await strangers.count(address, introspectionRequests);
    validated(document);
    return { document, operation };
  }

  function ofActor({ appId }: Actor, request: GraphqlRequest) {
    const found = persisted.find(appId, request);
    const known = documents.get(found.text);
    const name = request.operationName ?? null;
    if (known !== undefined && known.fixed !== null && (name === null || name === known.fixed.name?.value)) {
      persisted.store(appId, found);
      return { document: known.document, operation: known.fixed };
    }
    const document = known?.document ?? parseDocument(found.text);
    const operation = operationIn(document, request);
    if (known === undefined) {
      validated(document);
      documents.set(found.text, knownDocument(document));
    }
    persisted.store(appId, found);
    return { document, operation };
  }

  return {
    async prepare(caller, request, { mutations }) {
      const { document, operation } =
        caller.kind === 'stranger' ? await ofStranger(caller, request) : ofActor(caller, request);
      if (operation.operation === 'subscription') refuseOverHttp();
      if (operation.operation === 'mutation') {
        if (!mutations) throw new MutationByGet();
        stall.admit();
      }
      return { document, operation, operationName: request.operationName, variables: request.variables ?? {} };
    },
  };
}

const isPublic = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === 'query' &&
  selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && publicFields.has(selection.name.value));

const introspects = ({ selectionSet }: OperationDefinitionNode): boolean =>
  selectionSet.selections.some((selection) => selection.kind === Kind.FIELD && selection.name.value !== '__typename');

function hasAliases(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: ({ alias }) => {
      found ||= alias !== undefined;
      return found ? BREAK : undefined;
    },
  });
  return found;
}

const aliasesWithoutToken = (): ParleyError =>
  new ParleyError(
    'query_too_complex',
    'unable to run the document without a token; it has aliases: leave them out, or send the header "Authorization: Bearer <token>"',
    { limit: 0 },
  );

const tooLargeWithoutToken = (): ParleyError =>
  new ParleyError(
    'query_too_complex',
    `unable to run the document without a token; it is over ${limits.strangerRequestBytes} characters: ask for less, or send the header "Authorization: Bearer <token>"`,
    { limit: limits.strangerRequestBytes },
  );
