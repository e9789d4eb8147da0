import { limits, ParleyError } from '@parley/contracts';
import { buildSchema, GraphQLError, type GraphQLFieldResolver, graphql, parse, Source } from 'graphql';
import { expect, test } from 'vitest';
import { recordingLogger } from '../../test/recording-logger.ts';
import { toGraphqlError } from './errors.ts';

const schema = buildSchema('type Query { thing(size: Int): Int! }');
const resolves = (thing: GraphQLFieldResolver<unknown, unknown>) => ({ rootValue: { thing }, schema });

async function firstError(source: string, resolve: () => unknown, variableValues?: Record<string, unknown>) {
  const { errors } = await graphql({ ...resolves(resolve), source, ...(variableValues ? { variableValues } : {}) });
  if (errors?.[0] === undefined) throw new Error('expected an error');
  return errors[0];
}

test('a refusal by a resolver keeps its sentence, its place and its details', async () => {
  const error = await firstError('{ thing }', () => {
    throw new ParleyError('invalid_input', 'unable to accept size; it is 0', { field: 'size', limit: 1 });
  });
  const shown = toGraphqlError(error, 'r1');
  expect(shown.toJSON()).toEqual({
    message: 'unable to accept size; it is 0',
    locations: [{ line: 1, column: 3 }],
    path: ['thing'],
    extensions: {
      code: 'invalid_input',
      retryable: false,
      docs: expect.stringMatching(/^https:.*\/docs\/errors\/invalid_input\.md$/),
      requestId: 'r1',
      field: 'size',
      limit: 1,
    },
  });
});

test('a bare refusal is shown as well', () => {
  const shown = toGraphqlError(new ParleyError('rate_limited', 'unable to go on', { retryAfterMs: 9 }), 'r1');
  expect(shown.extensions).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 9, requestId: 'r1' });
});

test('anything unexpected is masked, and logged with the request id', async () => {
  const { logger, faults } = recordingLogger();
  const thrown = await firstError('{ thing }', () => {
    throw new Error('password=hunter2');
  });
  const unserialisable = await firstError('{ thing }', () => 'not a number');
  const nothing = await firstError('{ thing }', () => null);
  const own = new ParleyError('internal', 'unable to say; hunter2');
  for (const error of [thrown, unserialisable, nothing, own, new Error('hunter2'), 'hunter2', undefined]) {
    const shown = toGraphqlError(error, 'r1', logger);
    expect(shown.message).toBe('unable to answer; an unexpected fault, see the server log for request r1');
    expect(shown.extensions).toMatchObject({ code: 'internal', retryable: true, requestId: 'r1' });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|not a number/);
  }
  expect(faults).toHaveLength(7);
});

test.each([
  ['syntax', '{ thing', undefined],
  ['validation', '{ nothing }', undefined],
  ['variables', 'query ($n: Int) { thing(size: $n) }', { n: 'many' }],
])('a fault of the request is invalid_query: %s', async (_name, source, variables) => {
  const { logger, faults } = recordingLogger();
  const error = await firstError(source, () => 1, variables);
  const shown = toGraphqlError(error, 'r1', logger);
  expect(shown.extensions).toMatchObject({ code: 'invalid_query', retryable: false, requestId: 'r1' });
  expect(shown.message).toBe(error.message);
  expect(faults).toEqual([]);
});

test('a refusal that was made of an error of the document has its place', () => {
  const cause = new GraphQLError('Syntax Error', { source: new Source('{ me {\n  id\n'), positions: [7] });
  const shown = toGraphqlError(new ParleyError('invalid_query', 'unable to parse the document', { cause }), 'r1');
  expect(shown.toJSON().locations).toEqual([{ line: 2, column: 1 }]);
});

test('what a fault of a server carried in its extensions stays here', () => {
  const error = new GraphQLError('broken', { originalError: new Error('x'), extensions: { sql: 'SELECT hunter2' } });
  const shown = toGraphqlError(error, 'r1');
  expect(shown.extensions).toMatchObject({ code: 'internal' });
  expect(JSON.stringify(shown)).not.toMatch(/hunter2|broken/);
});

test('a sentence that a document made long is cut short, and so is the list of its places', () => {
  const nodes = parse(`{ ${'a '.repeat(100)}}`).definitions.flatMap((definition) =>
    'selectionSet' in definition ? [...(definition.selectionSet?.selections ?? [])] : [],
  );
  const shown = toGraphqlError(new GraphQLError(`Fields conflict because ${'x'.repeat(500_000)}`, { nodes }), 'r1');
  expect(shown.message).toHaveLength(limits.errorMessage);
  expect(JSON.stringify(shown).length).toBeLessThan(limits.errorMessage + 1_000);
});
