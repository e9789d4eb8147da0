import { limits, ParleyError } from '@parley/contracts';
import { type DocumentNode, GraphQLError, parse } from 'graphql';

/** Parses the text of a GraphQL document. @throws invalid_query, query_too_complex when it has over `limits.queryTokens` tokens */
export function parseDocument(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: limits.queryTokens });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    // The parser has no code for this; its sentence is all there is to tell by.
    if (/more tha[nt] \d+ tokens/.test(cause.message)) {
      const why = `the document has over ${limits.queryTokens} tokens; ask for less, or in several requests`;
      throw new ParleyError('query_too_complex', `unable to run the document; ${why}`, { limit: limits.queryTokens });
    }
    const [at] = cause.locations ?? [];
    const where = at === undefined ? '' : ` (line ${at.line}, column ${at.column})`;
    throw new ParleyError('invalid_query', `unable to parse the document; ${cause.message}${where}`, { cause });
  }
}
