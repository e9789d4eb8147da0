import { type ByteBoundedCache, createByteBoundedCache } from '@parley/service-kit';
import type { DocumentNode } from 'graphql';

/** Documents that were found to be valid, by their text; so those that come again and again are parsed and validated once. */
export type DocumentCache = ByteBoundedCache<DocumentNode>;

/** Some two hundred documents as the SDK sends them. */
const maxBytes = 32 * 1024 * 1024;
/** A token and its share of the tree, as measured. */
const bytesOfToken = 500;

/** Only what an authenticated caller sent and what is valid belongs in here. */
export const createDocumentCache = (): DocumentCache =>
  createByteBoundedCache<DocumentNode>({ maxBytes, bytesOf: (document) => bytesOfToken * tokensOf(document) });

function tokensOf({ loc }: DocumentNode): number {
  let count = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) count += 1;
  return count;
}
