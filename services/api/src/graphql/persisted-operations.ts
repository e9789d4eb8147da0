import { createHash } from 'node:crypto';
import type { APQStore } from '@graphql-yoga/plugin-apq';
import type { JsonObject } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The SHA-256 that the client names, or null. https://www.apollographql.com/docs/apollo-server/performance/apq */
function hashIn(request: GraphqlRequest): string | null {
  const persisted = request.extensions?.['persistedQuery'];
  if (!isObject(persisted)) return null;
  const { version, sha256Hash: hash } = persisted;
  if (version === 1 && typeof hash === 'string' && /^[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  throw new ParleyError(
    'invalid_query',
    'unable to find the document; extensions.persistedQuery is { "version": 1, "sha256Hash": <64 hex digits> }',
  );
}

/** Characters of the longest text that is stored: anybody may store some, and the store keeps a thousand. */
const keptLength = 16_000;

/**
 * The text of the document, also when only its hash was sent; a text sent together with its hash is stored.
 * @throws persisted_query_not_found, invalid_query
 */
export async function documentText(request: GraphqlRequest, store: APQStore): Promise<string> {
  const hash = hashIn(request);
  const { query } = request;
  if (query === undefined || query === '') {
    const stored = hash === null ? null : await store.get(hash);
    if (stored) return stored;
    if (hash === null) throw new ParleyError('invalid_query', 'unable to run the request; it holds no `query`');
    // Clients look for this very sentence.
    throw new ParleyError('persisted_query_not_found', 'PersistedQueryNotFound');
  }
  if (hash === null) return query;
  if (createHash('sha256').update(query).digest('hex') !== hash) {
    throw new ParleyError('invalid_query', 'unable to store the document; its SHA-256 is not the one that was sent');
  }
  if (query.length <= keptLength) await store.set(hash, query);
  return query;
}
