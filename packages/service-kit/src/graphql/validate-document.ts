import { limits, ParleyError } from '@parley/contracts';
import { type DocumentNode, type GraphQLError, type GraphQLSchema, validate } from 'graphql';
import { comparisonsIn } from './comparisons.ts';

/** After a few faults the rest rarely says more. */
const maxErrors = 5;

/**
 * How the document does not fit the schema; empty: it does. Takes some milliseconds at most, whatever the document.
 * @throws query_too_complex when validation itself would be the work
 */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  const comparisons = comparisonsIn(document, limits.queryComparisons);
  if (comparisons > limits.queryComparisons) {
    const why = `over ${limits.queryComparisons} pairs of its fields are answered under the same name and have to be compared`;
    throw new ParleyError(
      'query_too_complex',
      `unable to run the document; ${why}: name each field once, and spread each fragment once`,
      { limit: limits.queryComparisons },
    );
  }
  return validate(schema, document, undefined, { maxErrors });
}
