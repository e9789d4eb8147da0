import { limits, ParleyError } from '@parley/contracts';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import { CircularFragment, createMeter, type Size } from './document-size.ts';

/** Options of {@link documentFault}. */
export interface DocumentLimitOptions {
  /** With it, a list that is asked for without `first` and `last` counts with the default page size. */
  readonly schema?: GraphQLSchema | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | null | undefined;
}

/** Greater than what the usual introspection query needs (14), and no reason to refuse it. */
const introspectionDepth = 16;

/**
 * Why this document is too much to run, or null. Looks at depth, aliases and directives (fragments counted wherever they are spread) and at the
 * number of fields, each list counted with its page size. Takes time linear in the document: every fragment is measured once.
 */
export function documentFault(document: DocumentNode, options: DocumentLimitOptions = {}): ParleyError | null {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const chosen = operations.filter(
    (operation) => options.operationName == null || operation.name?.value === options.operationName,
  );
  const [operation] = chosen;
  if (operation === undefined || chosen.length > 1) return operationUnclear(operations, options.operationName);
  try {
    return sizeFault(createMeter(document, operation, options).measure(operation));
  } catch (error) {
    if (!(error instanceof CircularFragment)) throw error;
    return new ParleyError('invalid_query', `unable to run the document; fragment "${error.fragment}" spreads itself`);
  }
}

function sizeFault(size: Size): ParleyError | null {
  const faults: readonly (readonly [number, number, string])[] = [
    [size.depth, limits.queryDepth, 'levels deep'],
    [size.introspectionDepth, introspectionDepth, 'levels deep in its introspection'],
    [size.aliases, limits.queryAliases, 'aliases wide'],
    [size.longestAlias, limits.queryAlias, 'characters long in an alias'],
    [size.directives, limits.queryDirectives, 'directives long'],
    [size.cost, limits.queryCost, 'fields large, each list counted with its page size'],
    [size.fields, limits.queryFields, 'fields large, each list counted with what it may hold'],
    [size.introspection, limits.queryIntrospection, 'fields large in its introspection'],
  ];
  const broken = faults.find(([value, limit]) => value > limit);
  if (broken === undefined) return null;
  const [value, limit, measure] = broken;
  const sentence = `unable to run the document; it is ${value} ${measure}, the limit is ${limit}: ask for less, or in several requests`;
  return new ParleyError('query_too_complex', sentence, { limit });
}

function operationUnclear(
  operations: readonly OperationDefinitionNode[],
  name: string | null | undefined,
): ParleyError {
  if (operations.length === 0)
    return new ParleyError('invalid_query', 'unable to run the document; it has no operation');
  if (name == null)
    return new ParleyError(
      'invalid_query',
      'unable to run the document; it has several operations: say which in operationName',
    );
  return new ParleyError('invalid_query', `unable to run the document; it has not exactly one operation "${name}"`, {
    field: 'operationName',
  });
}
