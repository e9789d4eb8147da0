import { limits, ParleyError } from '@parley/contracts';
import { inexactNumberIn } from './exact-numbers.ts';
import { JsonRefusal, parseJson } from './parse-json.ts';

/** Segments of a path that name a field; what is below is the sender's own data. */
const namedSegments = 3;

/**
 * Parses JSON that somebody outside wrote: as `parseJson`, and no whole number that would become another one.
 * @throws JsonRefusal, SyntaxError
 */
export function parseExactJson(text: string, depth: number = limits.jsonDepth): unknown {
  const value = parseJson(text, depth);
  const path = inexactNumberIn(text);
  if (path !== null) throw new JsonRefusal('digits', path, Number.MAX_SAFE_INTEGER);
  return value;
}

/**
 * Parses a GraphQL request as it comes over HTTP, in a frame or in an address. `root` is where the text stands in the request, `[]` for all of it.
 * @throws invalid_input naming the field when it is nested too deep, holds U+0000 or a number that JSON cannot hold; SyntaxError when it is no JSON
 */
export function parseRequestJson(text: string, root: readonly string[] = []): unknown {
  try {
    return parseExactJson(text, limits.jsonDepth - root.length);
  } catch (error) {
    throw error instanceof JsonRefusal ? requestFault(error, root) : error;
  }
}

/** Error for a request that was refused; `root` as above. */
export function requestFault({ reason, path }: JsonRefusal, root: readonly string[] = []): ParleyError {
  const whole = [...root, ...path];
  const field = fieldOf(whole);
  const named = field ?? 'the request';
  if (reason === 'nul') {
    const why = `${named} holds the character U+0000; remove it`;
    if (whole[0] === 'query') return new ParleyError('invalid_query', `unable to parse the document; ${why}`);
    return new ParleyError('invalid_input', `unable to read the request; ${why}`, { field });
  }
  if (reason === 'digits') {
    const why = `${named} holds a whole number beyond 2^53 that a JSON number cannot hold; send it as text`;
    return new ParleyError('invalid_input', `unable to read the request; ${why}`, { field });
  }
  const why = `${named} makes it over ${limits.jsonDepth} levels deep; nest less, or send it as text`;
  return new ParleyError('invalid_input', `unable to read the request; ${why}`, { field, limit: limits.jsonDepth });
}

/** A field is named as the refusals of the services name it: without the `input` that every mutation has. */
function fieldOf(path: readonly string[]): string | undefined {
  const [root, variable, ...inside] = path.slice(0, namedSegments);
  if (root !== 'variables') return root;
  // Places in nested lists say nothing to whoever reads it.
  if (variable === undefined || inside.every((key) => /^\d+$/.test(key))) return variable ?? root;
  return [...(variable === 'input' ? [] : [variable]), ...inside].join('.');
}
