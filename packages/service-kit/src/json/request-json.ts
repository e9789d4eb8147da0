import { limits, ParleyError } from '@parley/contracts';
import { JsonRefusal, parseJson } from './parse-json.ts';

/** Segments of a path that name a field; what is below is the sender's own data. */
const namedSegments = 3;

/**
 * Parses a GraphQL request as it comes over HTTP, in a frame or in an address. `root` is where the text stands in the request, `[]` for all of it.
 * @throws invalid_input naming the field when it is nested too deep or holds U+0000; SyntaxError when it is no JSON
 */
export function parseRequestJson(text: string, root: readonly string[] = []): unknown {
  try {
    return parseJson(text, limits.jsonDepth - root.length);
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
