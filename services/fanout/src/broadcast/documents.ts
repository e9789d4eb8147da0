import { createHash } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
import {
  type ByteBoundedCache,
  createByteBoundedCache,
  documentFault,
  parseDocument,
  validateDocument,
} from '@parley/service-kit';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { analyseSubscription, collectRootFields, type SubscriptionOperation } from './subscription-operation.ts';

/** A query or mutation: the API answers it, with its own limits. */
export interface ForwardedOperation {
  readonly kind: 'forwarded';
}
export type Operation = SubscriptionOperation | ForwardedOperation;

interface Used {
  readonly operation: SubscriptionOperation;
  holders: number;
}

const forwarded: ForwardedOperation = { kind: 'forwarded' };

/**
 * Operations by the text that they came in: parsed, validated, analysed. Those that a selection uses stay as long as it does; others are kept within a
 * number of bytes, in case they come again. Of queries and mutations only what they are is kept, and nothing of a document that was refused.
 */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #unused: ByteBoundedCache<Operation>;
  readonly #used = new Map<string, Used>();

  constructor(schema: GraphQLSchema, { maxBytes = 8 * 1024 * 1024 } = {}) {
    this.#schema = schema;
    this.#unused = createByteBoundedCache({
      maxBytes,
      bytesOf: (operation) => (operation.kind === 'forwarded' ? 0 : operation.bytes),
    });
  }

  /** Operations that a selection uses. */
  get used(): number {
    return this.#used.size;
  }

  /** Of those that nobody uses, kept in case they come again. */
  get unusedBytes(): number {
    return this.#unused.bytes;
  }

  /** @throws invalid_query, query_too_complex, invalid_input, or an AggregateError of what validation found */
  prepare(text: string, operationName: string | undefined): Operation {
    const key = keyOf(text, operationName);
    const known = this.#used.get(key)?.operation ?? this.#unused.get(key);
    if (known !== undefined) return known;
    const operation = this.#analyse(text, operationName, key);
    this.#unused.set(key, operation);
    return operation;
  }

  /** Somebody uses it, until {@link release}. Gives the one that all use who sent the same. */
  hold(operation: SubscriptionOperation): SubscriptionOperation {
    const { key } = operation;
    this.#unused.delete(key);
    const used = this.#used.get(key) ?? { operation, holders: 0 };
    this.#used.set(key, used);
    used.holders += 1;
    return used.operation;
  }

  /** Once for each {@link hold}. */
  release({ key }: SubscriptionOperation): void {
    const used = this.#used.get(key);
    if (used === undefined) return;
    used.holders -= 1;
    if (used.holders > 0) return;
    this.#used.delete(key);
    this.#unused.set(key, used.operation);
  }

  #analyse(text: string, operationName: string | undefined, key: string): Operation {
    const document = parseDocument(text);
    const definition = pickOperation(document, operationName);
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) return forwarded;
    // Validation looks at all of them.
    for (const node of document.definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION) continue;
      const error = documentFault(document, { schema: this.#schema, operationName: node.name?.value });
      if (error !== null) throw error;
    }
    const errors = this.#validate(document, definition);
    if (errors.length > 0) throw new AggregateError(errors, 'the document does not fit the schema');
    // Places in the text are only named by validation, and take more than half of the memory.
    const slim = parse(text, { noLocation: true });
    return analyseSubscription(this.#schema, slim, pickOperation(slim, operationName), key);
  }

  #validate(document: DocumentNode, definition: OperationDefinitionNode): readonly unknown[] {
    try {
      return validateDocument(this.#schema, document);
    } catch (error) {
      if (error instanceof ParleyError) throw error;
      // graphql 16 evaluates a root field's @skip and @include while validating, without the variables, and throws when it needs one.
      collectRootFields(document, definition.selectionSet);
      return [error];
    }
  }
}

/** The text itself is not kept: it may be long, and what is kept for it short. */
const keyOf = (text: string, operationName = ''): string =>
  createHash('sha256').update(operationName).update('\n').update(text).digest('base64');

function pickOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const all = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [first, second] = name === undefined ? all : all.filter((node) => node.name?.value === name);
  if (first === undefined) {
    const why =
      name === undefined
        ? 'the document holds no operation'
        : `the document holds no operation named ${JSON.stringify(name)}`;
    throw new ParleyError('invalid_query', `unable to run the operation; ${why}`);
  }
  if (second !== undefined && name === undefined)
    throw new ParleyError(
      'invalid_query',
      'unable to run the operation; the document holds several, name one as operationName',
    );
  return first;
}
