import { parseDocument } from '@parley/service-kit';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import { validate } from 'graphql';

/** A document that was parsed; it is validated at most once, at the first request that gets so far. */
export interface KnownDocument {
  readonly document: DocumentNode;
  faults(): readonly GraphQLError[];
}

/** Keeps what was learned of documents that come again and again. */
export interface DocumentCache {
  /** @throws invalid_query, query_too_complex */
  read(text: string): KnownDocument;
}

const kept = 500;
/** Characters of the longest document that is kept, so that the whole cache stays within some megabytes. */
const keptLength = 8_000;
/** After a few faults the rest rarely says more. */
const maxErrors = 5;

export function createDocumentCache(schema: GraphQLSchema): DocumentCache {
  const known = new Map<string, KnownDocument>();

  function learn(text: string): KnownDocument {
    const document = parseDocument(text);
    let faults: readonly GraphQLError[] | null = null;
    return {
      document,
      faults() {
        faults ??= validate(schema, document, undefined, { maxErrors });
        return faults;
      },
    };
  }

  return {
    read(text) {
      const entry = known.get(text) ?? learn(text);
      if (text.length > keptLength) return entry;
      // Maps keep the order of insertion: the first key is the one that was not asked for the longest.
      known.delete(text);
      known.set(text, entry);
      const [oldest] = known.keys();
      if (known.size > kept && oldest !== undefined) known.delete(oldest);
      return entry;
    },
  };
}
