import { createHash } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
import { documentFault, parseDocument } from '@parley/service-kit';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  validate,
} from 'graphql';
import { analyseSubscription, type SubscriptionOperation } from './subscription-operation.ts';

/** A query or mutation: the API answers it, with its own limits. */
export interface ForwardedOperation {
  readonly kind: 'forwarded';
}
export type Operation = SubscriptionOperation | ForwardedOperation;

interface Entry {
  readonly hash: string;
  readonly document: DocumentNode;
  readonly operations: Map<string, Operation>;
}

const forwarded: ForwardedOperation = { kind: 'forwarded' };
const maxValidationErrors = 10;

/** Parsed, validated and analysed documents by their text; the least recently used go first. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #maxEntries: number;
  readonly #maxCharacters: number;
  readonly #entries = new Map<string, Entry>();
  #characters = 0;

  constructor(schema: GraphQLSchema, { maxEntries = 1_000, maxCharacters = 8 * 1024 * 1024 } = {}) {
    this.#schema = schema;
    this.#maxEntries = maxEntries;
    this.#maxCharacters = maxCharacters;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @throws invalid_query, query_too_complex, invalid_input, or an AggregateError of what validation found */
  prepare(text: string, operationName: string | undefined): Operation {
    const entry = this.#entryOf(text);
    const name = operationName ?? '';
    const known = entry.operations.get(name);
    if (known !== undefined) return known;
    const operation = this.#analyse(entry, operationName);
    entry.operations.set(name, operation);
    return operation;
  }

  #entryOf(text: string): Entry {
    const known = this.#entries.get(text);
    if (known !== undefined) {
      this.#entries.delete(text);
      this.#entries.set(text, known);
      return known;
    }
    const document = parseDocument(text);
    const hash = createHash('sha256').update(text).digest('base64');
    const entry: Entry = { hash, document, operations: new Map() };
    this.#entries.set(text, entry);
    this.#characters += text.length;
    this.#evict();
    return entry;
  }

  #evict(): void {
    for (const text of this.#entries.keys()) {
      const fits = this.#entries.size <= this.#maxEntries && this.#characters <= this.#maxCharacters;
      if (fits || this.#entries.size === 1) return;
      this.#entries.delete(text);
      this.#characters -= text.length;
    }
  }

  #analyse({ document, hash }: Entry, operationName: string | undefined): Operation {
    const definition = pickOperation(document, operationName);
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) return forwarded;
    const fault = documentFault(document, { schema: this.#schema, operationName });
    if (fault !== null) throw fault;
    const errors = this.#validate(document);
    if (errors.length > 0) throw new AggregateError(errors, 'the document does not fit the schema');
    return analyseSubscription(this.#schema, document, definition, `${hash} ${operationName ?? ''}`);
  }

  #validate(document: DocumentNode): readonly unknown[] {
    try {
      return validate(this.#schema, document, undefined, { maxErrors: maxValidationErrors });
    } catch (fault) {
      // graphql 16 evaluates a root field's @skip and @include while validating, without the variables, and throws when it needs one.
      return [fault];
    }
  }
}

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
