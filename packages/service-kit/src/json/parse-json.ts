import { limits } from '@parley/contracts';
import { isNestedDeeper } from './nesting.ts';

/** Where in a JSON value something is. */
export type JsonPath = readonly string[];

const sentences = {
  nesting: (limit: number) => `it is nested over ${limit} levels deep`,
  nul: () => 'it holds U+0000',
  digits: () => 'it holds a whole number that a JSON number cannot hold',
};

/** JSON that is well formed and not taken. */
export class JsonRefusal extends Error {
  override readonly name = 'JsonRefusal';
  readonly reason: 'nesting' | 'nul' | 'digits';
  /** For `nesting`, the way down to the first level that is one too deep. */
  readonly path: JsonPath;
  /** Levels that are allowed. */
  readonly limit: number;

  constructor(reason: JsonRefusal['reason'], path: JsonPath, limit: number) {
    super(sentences[reason](limit));
    this.reason = reason;
    this.path = path;
    this.limit = limit;
  }
}

/**
 * Parses JSON that comes from outside of this process: at most `depth` levels (default: `limits.jsonDepth`), and no text with U+0000, which no
 * database can hold. Everything behind it may recurse over the value.
 * @throws JsonRefusal, SyntaxError
 */
export function parseJson(text: string, depth: number = limits.jsonDepth): unknown {
  // Only an escape can bring it in: JSON knows no control characters in its strings.
  if (!isNestedDeeper(text, depth) && !text.includes('\\u0000')) return JSON.parse(text);
  // The engine's parser does not recurse, so what is too deep can be read for the name of the field at fault.
  const value: unknown = JSON.parse(text);
  const refusal = refusalOf(value, depth);
  if (refusal !== null) throw refusal;
  return value;
}

interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly parent: Place | null;
  readonly depth: number;
}

function refusalOf(root: unknown, limit: number): JsonRefusal | null {
  const waiting: Place[] = [{ value: root, key: '', parent: null, depth: 1 }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value, depth } = place;
    if (typeof value === 'string' && value.includes('\0')) return new JsonRefusal('nul', pathTo(place), limit);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limit) return new JsonRefusal('nesting', pathTo(place), limit);
    for (const [key, inside] of Object.entries(value)) {
      const child = { value: inside as unknown, key, parent: place, depth: depth + 1 };
      if (key.includes('\0')) return new JsonRefusal('nul', pathTo(place), limit);
      waiting.push(child);
    }
  }
  return null;
}

function pathTo(place: Place): JsonPath {
  const keys: string[] = [];
  for (let at = place; at.parent !== null; at = at.parent) keys.unshift(at.key);
  return keys;
}
