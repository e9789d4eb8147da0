import { createHash } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';
import { type ByteBoundedCache, createByteBoundedCache, isJsonObject } from '@parley/service-kit';

/** The SHA-256 that the client names, or null. https://www.apollographql.com/docs/apollo-server/performance/apq */
function hashIn(request: GraphqlRequest): string | null {
  const persisted = request.extensions?.['persistedQuery'];
  if (!isJsonObject(persisted)) return null;
  const { version, sha256Hash: hash } = persisted;
  if (version === 1 && typeof hash === 'string' && /^[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  throw new ParleyError(
    'invalid_query',
    'unable to find the document; extensions.persistedQuery is { "version": 1, "sha256Hash": <64 hex digits> }',
  );
}

/** The text of a document, and the hash under which it may be stored once it is known to be valid (null: there is none to be stored). */
export interface DocumentText {
  readonly text: string;
  readonly hash: string | null;
}

/** Documents that clients name by their hash, each app's own. */
export interface PersistedOperations {
  /** The text, also when only its hash was sent. @throws persisted_query_not_found, invalid_query */
  find(appId: string, request: GraphqlRequest): DocumentText;
  /** Stores a text that was sent together with its hash and is valid. */
  store(appId: string, document: DocumentText): void;
}

/** What one app may store: a hundred documents of a usual size. An app that stores more loses what it used the longest ago, and others nothing. */
const appBytes = 512 * 1024;
const appsAtOnce = 64;

export function createPersistedOperations(): PersistedOperations {
  const apps = createByteBoundedCache<ByteBoundedCache<string>>({
    maxBytes: appsAtOnce * appBytes,
    maxEntryBytes: 2 * appBytes,
    bytesOf: () => appBytes,
  });
  return {
    find(appId, request) {
      const hash = hashIn(request);
      const { query } = request;
      if (query === undefined || query === '') {
        if (hash === null) throw new ParleyError('invalid_query', 'unable to run the request; it holds no `query`');
        const text = apps.get(appId)?.get(hash);
        if (text !== undefined) return { text, hash: null };
        // Clients look for this very sentence.
        throw new ParleyError('persisted_query_not_found', 'PersistedQueryNotFound');
      }
      if (hash !== null && createHash('sha256').update(query).digest('hex') !== hash) {
        throw new ParleyError(
          'invalid_query',
          'unable to store the document; its SHA-256 is not the one that was sent',
        );
      }
      return { text: query, hash };
    },
    store(appId, { text, hash }) {
      if (hash === null) return;
      const own =
        apps.get(appId) ?? createByteBoundedCache<string>({ maxBytes: appBytes, bytesOf: ({ length }) => 2 * length });
      apps.set(appId, own);
      own.set(hash, text);
    },
  };
}
