import { type ByteBoundedCache, createByteBoundedCache } from '@parley/service-kit';
import { BREAK, type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';

/** A document that was found to be valid. */
export interface KnownDocument {
  readonly document: DocumentNode;
  /** Its one operation, when no variable changes how large its pages are: what was found to be no more than it may be stays so. */
  readonly fixed: OperationDefinitionNode | null;
}

/** Documents by their text; so those that come again and again are parsed, validated and, when no variable matters, measured once. */
export type DocumentCache = ByteBoundedCache<KnownDocument>;

/** Some two hundred documents as the SDK sends them. */
const maxBytes = 32 * 1024 * 1024;
/** A token and its share of the tree, as measured. */
const bytesOfToken = 500;
const sizeArguments = new Set(['first', 'last']);

/** Only what an authenticated caller sent and what is valid belongs in here. */
export const createDocumentCache = (): DocumentCache =>
  createByteBoundedCache<KnownDocument>({ maxBytes, bytesOf: ({ document }) => bytesOfToken * tokensOf(document) });

/** What is known of a document once it is valid. */
export function knownDocument(document: DocumentNode): KnownDocument {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [only] = operations;
  return { document, fixed: only !== undefined && operations.length === 1 && !sizesVary(document) ? only : null };
}

function sizesVary(document: DocumentNode): boolean {
  let vary = false;
  visit(document, {
    Argument({ name, value }) {
      vary ||= sizeArguments.has(name.value) && value.kind === Kind.VARIABLE;
      return vary ? BREAK : undefined;
    },
  });
  return vary;
}

function tokensOf({ loc }: DocumentNode): number {
  let count = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) count += 1;
  return count;
}
