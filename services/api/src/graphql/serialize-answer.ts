import type { LoopTurns } from './loop-turns.ts';

/** Characters that are written in one turn of the event loop: about a millisecond. */
const charactersInTurn = 256 * 1024;
/** What is smaller is written in one go. */
const smallValues = 500;
const smallCharacters = 64 * 1024;

/** As JSON, made in slices. Null: it is longer than `limit` bytes. */
export async function serializeInSlices(value: unknown, limit: number, turns: LoopTurns): Promise<string | null> {
  const written: string[] = [];
  let bytes = 0;
  let inTurn = 0;
  for (const part of partsOf(value)) {
    written.push(part);
    bytes += Buffer.byteLength(part);
    if (bytes > limit) return null;
    inTurn += part.length;
    if (inTurn > charactersInTurn) {
      inTurn = 0;
      await turns.next();
    }
  }
  return written.join('');
}

function* partsOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || isSmall(value)) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  const list = Array.isArray(value);
  yield list ? '[' : '{';
  let first = true;
  for (const [key, item] of Object.entries(value)) {
    if (!list && item === undefined) continue;
    const comma = first ? '' : ',';
    yield list ? comma : `${comma}${JSON.stringify(key)}:`;
    yield* partsOf(item);
    first = false;
  }
  yield list ? ']' : '}';
}

/** Looks no further than it takes to know. */
function isSmall(value: object): boolean {
  const open: unknown[] = [value];
  let values = 0;
  let characters = 0;
  while (open.length > 0) {
    const one = open.pop();
    values += 1;
    if (typeof one === 'string') characters += one.length;
    else if (typeof one === 'object' && one !== null) {
      const inside: unknown[] = Object.values(one);
      if (inside.length > smallValues) return false;
      open.push(...inside);
    }
    if (values + open.length > smallValues || characters > smallCharacters) return false;
  }
  return true;
}
