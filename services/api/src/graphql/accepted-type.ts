import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';

/** Media types of an answer. */
export type AnswerType = 'application/json' | 'application/graphql-response+json' | 'text/event-stream';

/** What the usual clients accept; any other header is weighed. */
const usual: ReadonlyMap<string, AnswerType> = new Map<string, AnswerType>([
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/json, */*', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
]);

/** Best first where a header likes several alike. Clients may name the character set, which is the only one that there is. */
const offered: ReadonlyMap<string, AnswerType> = new Map<string, AnswerType>([
  ['application/json', 'application/json'],
  ['application/json; charset=utf-8', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json; charset=utf-8', 'application/graphql-response+json'],
  ['text/event-stream', 'text/event-stream'],
]);
const types = [...offered.keys()];

/** The media type that the client likes best of those that there are (RFC 9110 section 12.5.1); null: it takes none of them. */
export function acceptedType({ headers }: Pick<IncomingMessage, 'headers'>): AnswerType | null {
  const known = usual.get(headers.accept ?? '');
  if (known !== undefined) return known;
  const chosen = new Negotiator({ headers }).mediaType(types);
  return chosen === undefined ? null : (offered.get(chosen) ?? null);
}
