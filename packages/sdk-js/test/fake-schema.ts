import { ParleyError } from '@parley/contracts';
import { sdl } from '@parley/contracts/sdl';
import {
  buildSchema,
  type DocumentNode,
  executeSync,
  extendSchema,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';

const today = buildSchema(sdl);

/** Answers documents as the real schema has them: with the selected fields of given data, or with a refusal of what is not in it. */
export class FakeSchema {
  #schema: GraphQLSchema = today;
  #documents = new Map<string, DocumentNode>();

  /** A newer server: it has these types and fields as well. */
  extend(definitions: string): void {
    this.#schema = extendSchema(this.#schema, parse(definitions));
    this.#documents = new Map();
  }

  /** An older server: lines of the schema that hold this text are missing. */
  without(text: string): void {
    this.#schema = buildSchema(
      // Descriptions stand before what they describe, and would stay behind.
      sdl
        .replaceAll(/^ *"""[\s\S]*?"""\n/gm, '')
        .split('\n')
        .filter((line) => !line.includes(text))
        .join('\n'),
    );
    this.#documents = new Map();
  }

  /** The data of the selected fields. @throws invalid_query, and the error of a field that has no value */
  answer(query: string, root: unknown, variables: Record<string, unknown>): unknown {
    const { data, errors } = executeSync({
      schema: this.#schema,
      document: this.document(query),
      rootValue: root,
      variableValues: variables,
    });
    const [error] = errors ?? [];
    if (error !== undefined) throw error;
    return data;
  }

  /** @throws invalid_query */
  document(query: string): DocumentNode {
    const known = this.#documents.get(query);
    if (known !== undefined) return known;
    const document = parse(query);
    const [error] = validate(this.#schema, document);
    if (error !== undefined) throw new ParleyError('invalid_query', `unable to run the document; ${error.message}`);
    this.#documents.set(query, document);
    return document;
  }
}
