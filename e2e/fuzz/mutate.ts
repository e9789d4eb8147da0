import { hostileJson } from './hostile-values.ts';

/** Numbers from 0 to below 1. */
export type Random = () => number;

const below = (random: Random, limit: number) => Math.floor(random() * limit);
export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new Error('unable to pick; there is nothing to pick from');
  return value;
}

type Slot = { readonly holder: Record<string, unknown>; readonly key: string };

function slotsOf(root: Record<string, unknown>): readonly Slot[] {
  const slots: Slot[] = [];
  const waiting: object[] = [root];
  for (let part = waiting.pop(); part !== undefined && slots.length < 400; part = waiting.pop()) {
    for (const [key, value] of Object.entries(part)) {
      // Lists are objects whose keys are their places.
      slots.push({ holder: part as Record<string, unknown>, key });
      if (typeof value === 'object' && value !== null) waiting.push(value);
    }
  }
  return slots;
}

const wrap = (random: Random, value: unknown): unknown => {
  let wrapped = value;
  for (let levels = pick(random, [1, 2, 10, 64, 65, 200]); levels > 0; levels -= 1)
    wrapped = random() < 0.5 ? [wrapped] : { a: wrapped };
  return wrapped;
};

const punctuators = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '!',
  '$',
  '...',
  ':',
  '=',
  '@',
  '|',
  '&',
  '"',
  '"""',
  '#',
  '\0',
  '\\u0000',
];

/** Changes a document token by token, so that much of it stays a document. */
function mutateDocument(random: Random, document: string): string {
  const tokens = document.match(/"(?:\\.|[^"\\])*"|\w+|\s+|[^\w\s]/g) ?? [document];
  for (let times = 1 + below(random, 3); times > 0; times -= 1) {
    const at = below(random, tokens.length);
    const act = below(random, 6);
    if (act === 0) tokens.splice(at, 1 + below(random, 4));
    else if (act === 1) tokens.splice(at, 0, ...tokens.slice(at, at + 1 + below(random, 6)));
    else if (act === 2) tokens[at] = pick(random, tokens);
    else if (act === 3) tokens.splice(at, 0, pick(random, punctuators).repeat(pick(random, [1, 2, 80, 1_900])));
    else if (act === 4) tokens[at] = pick(random, hostileJson).slice(0, 5_000);
    else
      tokens.splice(
        at,
        0,
        pick(random, ['__typename', '@skip(if: true)', '@include(if: $x)', '__schema{types{name}}']),
      );
    if (tokens.length === 0) return '';
  }
  return tokens.join('');
}

/** A value of its own each time, since what is put into another is changed with it. */
const hostile = (random: Random): unknown => JSON.parse(pick(random, hostileJson));

const copyOf = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

/** Also `__proto__`, which an assignment would take for something else. */
const add = (holder: object, key: string, value: unknown) =>
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

/** Changes some of the parts of a value. */
function mutateValue(random: Random, root: Record<string, unknown>): void {
  for (let times = pick(random, [1, 1, 1, 2, 3]); times > 0; times -= 1) {
    const slots = slotsOf(root);
    if (slots.length === 0) return;
    const { holder, key } = pick(random, slots);
    const value = holder[key];
    const act = below(random, 7);
    if (typeof value === 'string' && act < 3 && /[{(]/.test(value)) holder[key] = mutateDocument(random, value);
    else if (act <= 2) holder[key] = hostile(random);
    else if (act === 3) delete holder[key];
    else if (act === 4) holder[key] = wrap(random, value);
    else if (act === 5) add(holder, pick(random, ['__proto__', 'constructor', 'extra', '\u0000', '']), hostile(random));
    else
      holder[key] = copyOf(
        pick(
          random,
          slots.map((slot) => slot.holder[slot.key]),
        ),
      );
  }
}

const runs = [
  '[',
  '{"a":',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '1e400',
  '-',
  '9'.repeat(400),
  ',',
  '\u0000',
  '\ufeff',
  '\u2028',
];

/** Changes the text itself, so that much of it is no JSON any more. */
function mutateText(random: Random, text: string): string {
  const at = below(random, text.length + 1);
  const act = below(random, 5);
  if (act === 0) return text.slice(0, at);
  if (act === 1) return text.slice(0, at) + text.slice(at + 1 + below(random, 8));
  if (act === 2)
    return text.slice(0, at) + pick(random, runs).repeat(pick(random, [1, 2, 100, 4_500])) + text.slice(at);
  if (act === 3) return text.slice(0, at) + text.slice(Math.max(0, at - 40), at) + text.slice(at);
  // A value that only text can hold stands in the place of one that is there.
  return text.replace(
    /:(?:"[^"]*"|\d+|null)/,
    `:${pick(random, ['1e400', '-1e400', '1E-400', '"\\ud800"', '"\\u0000"', '00', 'NaN'])}`,
  );
}

/** A seed as it is, or changed in its parts, in its text, or both. */
export function mutated(random: Random, seed: Readonly<Record<string, unknown>>): string {
  const value = structuredClone(seed) as Record<string, unknown>;
  const kind = random();
  if (kind > 0.03 && kind < 0.85) mutateValue(random, value);
  const text = JSON.stringify(value);
  return kind > 0.75 ? mutateText(random, text) : text;
}
